using System.Text;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Packages;

public sealed class AdmissionTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly FileFacts Facts = new(10, 1, 2, 3, false);

    private static readonly AdmissionRecord Record = new()
    {
        Digest = Digest,
        Service = "orders",
        Version = "1.0.0",
        Signers = [new("CN=One", new string('a', 64), new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))],
        AdmittedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Files = [new("bin/orders", new string('b', 64), "0555", AccessClass.Code, Facts), new("conf/数据.json", new string('c', 64), "0444", AccessClass.Config, Facts with { FileId = 9 })],
        Folders = [new("", Facts with { FileId = 20 }), new("bin", Facts with { FileId = 21 }), new("conf", Facts with { FileId = 22 })],
    };

    private static Dictionary<string, FileFacts> Disk => Record.Files.Select(f => (f.Path, f.Facts)).Concat(Record.Folders.Select(f => (f.Path, f.Facts))).ToDictionary(f => f.Path, f => f.Facts);

    [Fact]
    public void What_was_admitted_and_is_unchanged_may_start()
    {
        var disk = Disk;
        var opened = Admission.Check(AdmissionRecords.Seal(Record, Key), Key, Digest, disk.GetValueOrDefault);
        Assert.True(opened.IsOk, string.Join("; ", opened.Problems));
        Assert.Equal(Record.Files, opened.Value.Files);
        Assert.Equal(Record.Signers, opened.Value.Signers);
        Assert.True(opened.Value.Contains("bin/orders"));
        Assert.False(opened.Value.Contains("bin/other"));
    }

    /// <summary>For a supervisor that must not have the key: where the record lies is what makes it believed, and the rest is as strict.</summary>
    [Fact]
    public void Law01_a_record_that_is_believed_for_where_it_lies_is_checked_in_all_else()
    {
        var believed = AdmissionRecords.Believe(AdmissionRecords.Seal(Record, [.. Key.Reverse()]));
        Assert.True(believed.IsOk, string.Join("; ", believed.Problems));
        Assert.True(Admission.Check(believed.Value, Digest, Disk.GetValueOrDefault).IsOk);
        Assert.Equal("admission.other-package", Assert.Single(Admission.Check(believed.Value, Digest[..^1] + "0", Disk.GetValueOrDefault).Problems).Rule);
        Assert.Equal("admission.missing", Admission.Check(believed.Value, Digest, _ => null).Problems[0].Rule);
        Assert.Equal("admission.seal", Assert.Single(AdmissionRecords.Believe("{}"u8.ToArray()).Problems).Rule);
        Assert.Equal("admission.form", Assert.Single(AdmissionRecords.Believe("{}\n{}\n"u8.ToArray()).Problems).Rule);
    }

    [Theory]
    [InlineData("size")]
    [InlineData("volume")]
    [InlineData("file")]
    [InlineData("time")]
    [InlineData("rights")]
    [InlineData("gone")]
    public void Law01_every_file_that_changed_is_named(string how)
    {
        foreach (var victim in Disk.Keys)
        {
            var disk = Disk;
            disk[victim] = how switch
            {
                "size" => disk[victim] with { Size = 11 },
                "volume" => disk[victim] with { Volume = 5 },
                "file" => disk[victim] with { FileId = 77 },
                "time" => disk[victim] with { ChangeTime = 4 },
                "rights" => disk[victim] with { WritableByOthers = true },
                _ => disk[victim],
            };
            if (how == "gone") disk.Remove(victim);
            var problem = Assert.Single(Admission.Check(Record, disk.GetValueOrDefault));
            Assert.Equal(ProblemKind.Refused, problem.Kind);
            Assert.Contains(victim.Length == 0 ? "the package's folder" : victim, problem.What, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Law01_all_that_changed_is_told_at_once() => Assert.Equal(5, Admission.Check(Record, _ => null).Count);

    [Fact]
    public void Law01_no_byte_of_a_record_can_be_changed()
    {
        var good = AdmissionRecords.Seal(Record, Key);
        for (var i = 0; i < good.Length; i++)
        {
            var changed = good.ToArray();
            changed[i] ^= 1;
            Assert.False(AdmissionRecords.Open(changed, Key).IsOk, $"byte {i}");
        }

        for (var length = 0; length < good.Length; length++) Assert.False(AdmissionRecords.Open(good.AsMemory(0, length), Key).IsOk, $"cut to {length}");
        Assert.False(AdmissionRecords.Open((byte[])[.. good, 10], Key).IsOk);
    }

    [Fact]
    public void Law01_a_record_of_another_node_or_another_package_is_not_believed()
    {
        var sealedRecord = AdmissionRecords.Seal(Record, Key);
        byte[] other = [.. Key.Reverse()];
        Assert.Equal("admission.seal", AdmissionRecords.Open(sealedRecord, other).Problems[0].Rule);
        Assert.Equal("admission.other-package", Admission.Check(sealedRecord, Key, Digest.Replace('0', '1'), Disk.GetValueOrDefault).Problems[0].Rule);
    }

    [Fact]
    public void Law01_another_kind_of_sealed_document_is_no_admission_record()
    {
        HostExecutableRecord host = new() { Path = "/usr/bin/java", Target = "/usr/bin/java", Sha256 = new string('d', 64), AdmittedAt = default, Facts = Facts };
        Assert.False(AdmissionRecords.Open(host.Seal(Key), Key).IsOk);
        Assert.False(HostExecutableRecord.Open(AdmissionRecords.Seal(Record, Key), Key).IsOk);
    }

    [Fact]
    public void A_field_that_a_newer_version_adds_breaks_no_seal()
    {
        var text = Encoding.UTF8.GetString(AdmissionRecords.Seal(Record, Key)).Split('\n')[0];
        var newer = SealedDocument.Seal(Encoding.UTF8.GetBytes(text.Replace("{\"kind\"", "{\"addedLater\":[1],\"kind\"", StringComparison.Ordinal)), Key);
        Assert.Equal(Digest, AdmissionRecords.Open(newer, Key).Value.Digest);
    }

    [Fact]
    public void Law01_a_host_executable_starts_only_while_it_is_the_one_that_was_digested()
    {
        HostExecutableRecord record = new() { Path = "/usr/bin/java", Target = "/opt/java", Sha256 = new string('d', 64), AdmittedAt = default, Facts = Facts };
        var document = record.Seal(Key);
        Assert.True(Check("/usr/bin/java", "/opt/java", Facts).IsOk);
        Assert.False(Check("/usr/bin/other", "/opt/java", Facts).IsOk);
        Assert.False(Check("/usr/bin/java", "/opt/evil", Facts).IsOk);
        Assert.False(Check("/usr/bin/java", "/opt/java", null).IsOk);
        Assert.False(Check("/usr/bin/java", "/opt/java", Facts with { ChangeTime = 9 }).IsOk);
        Assert.False(Check("/usr/bin/java", "/opt/java", Facts with { WritableByOthers = true }).IsOk);

        Outcome<HostExecutableRecord> Check(string path, string? target, FileFacts? facts) => HostExecutableRecord.Check(document, Key, path, _ => target, _ => facts);
    }
}
