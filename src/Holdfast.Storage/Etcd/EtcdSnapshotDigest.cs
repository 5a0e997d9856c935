using System.Security.Cryptography;

namespace Holdfast.Storage.Etcd;

/// <summary>Checks a snapshot of etcd while it passes by: its last 32 bytes are the SHA-256 of all before them.</summary>
public sealed class EtcdSnapshotDigest : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] tail = new byte[SHA256.HashSizeInBytes];
    private int kept;

    /// <summary>So many have passed.</summary>
    public long Bytes { get; private set; }

    public void Append(ReadOnlySpan<byte> part)
    {
        Bytes += part.Length;
        // What may be the digest is held back until something comes after it.
        var surplus = kept + part.Length - tail.Length;
        if (surplus > 0)
        {
            var old = Math.Min(surplus, kept);
            hash.AppendData(tail, 0, old);
            tail.AsSpan(old, kept - old).CopyTo(tail);
            kept -= old;
            hash.AppendData(part[..(surplus - old)]);
            part = part[(surplus - old)..];
        }

        part.CopyTo(tail.AsSpan(kept));
        kept += part.Length;
    }

    /// <summary>To be asked once, at the end.</summary>
    public bool IsWhole() => Bytes > tail.Length && hash.GetHashAndReset().AsSpan().SequenceEqual(tail);

    public void Dispose() => hash.Dispose();
}
