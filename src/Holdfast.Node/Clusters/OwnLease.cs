using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Node.Clusters;

/// <summary>
/// The lease under which a supervisor keeps an epoch that may be held: only node and supervisor know it. It lasts as long as the node's own, or as its peers' promises do, and
/// so goes on when the node's ends. A supervisor sees a lease like any other, and keeps its deadline.
/// </summary>
internal static class OwnLease
{
    /// <summary>Below zero, where no store gives one, and of this epoch alone: what was fenced is never taken up again. The next agent comes to the same one.</summary>
    public static long Of(string service, long epoch)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{service}/{epoch}")));
        return -1 - (BinaryPrimitives.ReadInt64BigEndian(hash) & (long.MaxValue >> 1));
    }

    public static bool Is(long lease) => lease < 0;
}
