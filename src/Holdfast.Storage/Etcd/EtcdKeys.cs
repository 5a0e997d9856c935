using Google.Protobuf;

namespace Holdfast.Storage.Etcd;

/// <summary>
/// Where a cluster's keys lie in an etcd that others may use too: <c>NAME:/holdfast/v1/…</c> for what the store holds, <c>NAME.store:…</c> for what it remembers
/// itself. A name of a cluster has neither dot nor colon, so no cluster's keys are among another's.
/// </summary>
internal sealed class EtcdKeys(string cluster)
{
    private readonly Bytes data = $"{cluster}:";

    /// <summary>The document that says which store this is.</summary>
    public ByteString Identity { get; } = ByteString.CopyFromUtf8($"{cluster}.store:identity");

    /// <summary>What became of a request.</summary>
    public ByteString Request(string id) => ByteString.CopyFromUtf8($"{cluster}.store:requests/{id}");

    /// <summary>That it was the other branch that was done.</summary>
    public ByteString OtherBranch(string id) => ByteString.CopyFromUtf8($"{cluster}.store:else/{id}");

    public ByteString Of(Bytes key) => Join(key.Span);

    public Bytes From(ByteString stored) => new(stored.Span[data.Length..].ToArray());

    /// <summary>The range as etcd is told it. A range end that is empty stands for the one key.</summary>
    public (ByteString Key, ByteString End) Of(KeyRange keys) =>
        keys.IsSingle ? (Of(keys.From), ByteString.Empty)
        : (Of(keys.From), keys.To.Length == 0 ? ByteString.CopyFrom(KeyRange.Prefix(data).To.Span) : Of(keys.To));

    public KeyValue From(Wire.KeyValue stored) => new(
        From(stored.Key), new(stored.Value.ToByteArray()), stored.CreateRevision, stored.ModRevision, stored.Version, stored.Lease);

    private ByteString Join(ReadOnlySpan<byte> key)
    {
        var joined = new byte[data.Length + key.Length];
        data.Span.CopyTo(joined);
        key.CopyTo(joined.AsSpan(data.Length));
        return UnsafeByteOperations.UnsafeWrap(joined);
    }
}
