using System.Buffers.Binary;
using System.Security.Cryptography;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Upgrading;

/// <summary>Everything that is kept in a cluster's store, as it was at one moment: two that have read the same say the same digest.</summary>
/// <param name="Revision">The moment.</param>
/// <param name="Digest">SHA-256 over all keys and values, in hexadecimal.</param>
/// <param name="Image">What this build makes of it.</param>
internal sealed record StoreReading(long Revision, string Digest, ClusterImage Image)
{
    private const int Page = 500;

    /// <param name="store">Nothing is written to it.</param>
    /// <param name="revision">0: as it is now.</param>
    /// <param name="cancel">Gives it up.</param>
    public static async Task<Outcome<StoreReading>> ReadAsync(IStore store, long revision, CancellationToken cancel)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (keys, image) = (KeyRange.Prefix(StateKeys.Root), ClusterImage.Empty);
        while (true)
        {
            var read = await store.RangeAsync(new(keys) { Limit = Page, Revision = revision }, cancel);
            if (!read.TryGet(out var page)) return Outcome.Failed<StoreReading>(read.Problems);
            if (revision == 0) revision = page.Revision;
            foreach (var item in page.Items)
            {
                Add(digest, item.Key);
                Add(digest, item.Value);
            }

            image = image.With(revision, [.. page.Items.Select(item => new Change(ChangeKind.Put, item))]);
            if (!page.More) return new StoreReading(revision, Convert.ToHexStringLower(digest.GetHashAndReset()), image);
            keys = KeyRange.Between(new Bytes([.. page.Items[^1].Key.Span, 0]), keys.To);
        }
    }

    /// <summary>With its length, so that no two readings run together to the same bytes.</summary>
    private static void Add(IncrementalHash digest, Bytes part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        digest.AppendData(length);
        digest.AppendData(part.Span);
    }
}
