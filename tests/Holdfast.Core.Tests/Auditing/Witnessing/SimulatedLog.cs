using System.Security.Cryptography;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Tests.Auditing.Tree;

namespace Holdfast.Core.Tests.Auditing.Witnessing;

/// <summary>A log that can be set back: entries in memory, and the slow tree over them.</summary>
internal sealed class SimulatedLog : IDisposable
{
    private readonly ECDsa secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public SimulatedLog(string node = "node-2", string number = "0123456789abcdef")
    {
        Node = node;
        Origin = LogNames.Origin(node, number);
        Key = NoteKey.FromInfo(secret.ExportSubjectPublicKeyInfo()).Value;
    }

    public string Node { get; }

    public string Origin { get; }

    public NoteKey Key { get; }

    public List<byte[]> Entries { get; private set; } = [];

    /// <summary>Numbers of entries that no other history has.</summary>
    public int Next { get; set; }

    public void Append(int count)
    {
        for (var i = 0; i < count; i++) Entries.Add(NaiveTree.Entry(Next++));
    }

    public void SetBack(int size) => Entries = [.. Entries.Take(size)];

    public void Put(IReadOnlyList<byte[]> entries) => Entries = [.. entries];

    public byte[] Note(int? size = null)
    {
        var entries = Entries.Take(size ?? Entries.Count).ToList();
        return new Checkpoint(Origin, entries.Count, NaiveTree.Root(entries)).Sign(Key, Sign);
    }

    public byte[] Sign(byte[] text) => secret.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public WitnessOffer Offer(long old, int? size = null)
    {
        var entries = Entries.Take(size ?? Entries.Count).ToList();
        IReadOnlyList<TreeHash> proof = old > 0 && old < entries.Count ? NaiveTree.Proof((int)old, entries) : [];
        return new(Node, old, proof, Note(size), Key);
    }

    public void Dispose() => secret.Dispose();
}
