using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Core.Tests.Auditing.Tree;

public sealed class Law07_CheckpointTests : IDisposable
{
    private static readonly Checkpoint Sample = new("holdfast/node-1/audit/00ff", 42, TreeHash.Leaf([1]));

    private readonly ECDsa secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly NoteKey key;

    public Law07_CheckpointTests() => key = NoteKey.FromInfo(secret.ExportSubjectPublicKeyInfo()).Value;

    public void Dispose() => secret.Dispose();

    [Fact]
    public void A_signed_checkpoint_is_the_note_that_the_specification_describes()
    {
        var lines = Encoding.UTF8.GetString(Sample.Sign(key, Sign)).Split('\n');
        Assert.Equal(["holdfast/node-1/audit/00ff", "42", TreeHash.Leaf([1]).ToString(), ""], lines[..4]);
        var signature = lines[4].Split(' ');
        Assert.Equal(["—", Sample.Origin], signature[..2]);
        var bytes = Convert.FromBase64String(signature[2]);
        Assert.Equal(SHA256.HashData(secret.ExportSubjectPublicKeyInfo())[..4], bytes[..4]);
        Assert.True(secret.VerifyData(Encoding.UTF8.GetBytes(Sample.Text), bytes[4..], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(Sample, Checkpoint.Open(Sample.Sign(key, Sign), key, out _));
    }

    [Fact]
    public void Law07_any_changed_byte_of_a_checkpoint_is_noticed()
    {
        var note = Sample.Sign(key, Sign);
        for (var at = 0; at < note.Length; at++)
        {
            foreach (var value in (byte[])[(byte)(note[at] ^ 1), (byte)'\n', (byte)' ', 0xff])
            {
                var changed = note.ToArray();
                changed[at] = value;
                if (value != note[at])
                    Assert.Null(Checkpoint.Open(changed, key, out _));
            }

            Assert.Null(Checkpoint.Open(note.AsSpan(0, at), key, out _));
        }

        Assert.Null(Checkpoint.Open([.. note, (byte)'\n'], key, out _));
        Assert.Null(Checkpoint.Open(new byte[SignedNote.LongestBytes + 1], key, out _));
    }

    [Fact]
    public void Signatures_of_others_are_passed_by_and_the_own_one_must_fit()
    {
        var note = Encoding.UTF8.GetString(Sample.Sign(key, Sign));
        var foreign = new NoteSignature("witness.example", 7, new byte[] { 1, 2, 3 }).Line();
        Assert.Equal(Sample, Checkpoint.Open(Encoding.UTF8.GetBytes(note + foreign), key, out _));
        var wrong = new NoteSignature(Sample.Origin, key.Id, new byte[] { 1, 2, 3 }).Line();
        Assert.Null(Checkpoint.Open(Encoding.UTF8.GetBytes(note + wrong), key, out var why));
        Assert.Equal("its signature does not fit its text", why);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Null(Checkpoint.Open(Encoding.UTF8.GetBytes(note), NoteKey.FromInfo(other.ExportSubjectPublicKeyInfo()).Value, out why));
        Assert.Equal("this key has not signed it", why);
        var many = string.Concat(Enumerable.Repeat(foreign, SignedNote.MostSignatures));
        Assert.Null(Checkpoint.Open(Encoding.UTF8.GetBytes(note + many), key, out _));
    }

    [Theory]
    [InlineData("o\n42\n{root}\nextension\n")]
    [InlineData("o\n042\n{root}\n")]
    [InlineData("o\n-1\n{root}\n")]
    [InlineData("o\n99999999999999999999\n{root}\n")]
    [InlineData("o p\n42\n{root}\n")]
    [InlineData("o+p\n42\n{root}\n")]
    [InlineData("\n42\n{root}\n")]
    [InlineData("o\n42\n{root}")]
    [InlineData("o\n42\nAAAA\n")]
    [InlineData("o\n42\n")]
    public void What_is_written_otherwise_is_no_checkpoint(string text) =>
        Assert.Null(Checkpoint.Parse(text.Replace("{root}", TreeHash.Empty.ToString(), StringComparison.Ordinal)));

    [Fact]
    public void Only_a_public_key_on_P256_is_one()
    {
        Assert.Equal(key.Id, NoteKey.FromPem(key.Pem).Value.Id);
        Assert.Equal(key.Id, NoteKey.FromPem(secret.ExportSubjectPublicKeyInfoPem()).Value.Id);
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        foreach (var pem in (string[])["", "x", secret.ExportPkcs8PrivateKeyPem(), larger.ExportSubjectPublicKeyInfoPem(), rsa.ExportSubjectPublicKeyInfoPem()])
            Assert.Equal("audit.key", Assert.Single(NoteKey.FromPem(pem).Problems).Rule);
    }

    private byte[] Sign(byte[] text) => secret.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
