namespace Holdfast.Core.Capture;

/// <summary>Captured output on the disk that is not written any more.</summary>
/// <param name="Folder">Of its stream.</param>
/// <param name="Name">Of the file in it.</param>
/// <param name="Bytes">That are free when it has gone.</param>
/// <param name="Ended">When it was written last.</param>
/// <param name="IsDelivered">No sink waits for any of it.</param>
public sealed record StoredOutput(string Folder, string Name, long Bytes, DateTimeOffset Ended, bool IsDelivered);

/// <param name="Going">What is to be deleted, in this order.</param>
/// <param name="Missing">Bytes that the reserve lacks all the same.</param>
public sealed record Reclaiming(IReadOnlyList<StoredOutput> Going, long Missing)
{
    public static Reclaiming Nothing { get; } = new([], 0);
}

/// <summary>
/// How much of the disk output leaves free. Below it, what every sink has goes first, the oldest of all services; what some sink still waits for goes only below half of it, and only where that is
/// allowed: a full disk stops more than logs.
/// </summary>
/// <param name="Bytes">Null: by <paramref name="Share"/>.</param>
/// <param name="Share">Of the whole disk, 0 to 1; null with no bytes: as usual.</param>
/// <param name="KeepsUndelivered">What a sink waits for never goes.</param>
public sealed record DiskReserve(long? Bytes, double? Share, bool KeepsUndelivered)
{
    private const long UsualBytes = 1L << 30;
    private const int UsualPart = 20;

    /// <summary>1 GiB, of a small disk a twentieth.</summary>
    public static DiskReserve Usual { get; } = new(null, null, false);

    /// <summary>In bytes.</summary>
    /// <param name="total">Of the disk.</param>
    public long Of(long total) => Bytes ?? (Share is { } share ? (long)(total * share) : Math.Min(UsualBytes, total / UsualPart));

    /// <summary>Below it, what is not delivered may go as well.</summary>
    public long LastOf(long total) => Of(total) / 2;

    /// <param name="total">Bytes of the disk.</param>
    /// <param name="free">Bytes of it that are free for us.</param>
    /// <param name="closed">All that could go.</param>
    public Reclaiming Decide(long total, long free, IEnumerable<StoredOutput> closed)
    {
        var wanted = Of(total);
        if (free >= wanted) return Reclaiming.Nothing;
        var inOrder = closed.OrderBy(one => one.Ended).ThenBy(one => one.Folder, StringComparer.Ordinal).ThenBy(one => one.Name, StringComparer.Ordinal).ToList();
        List<StoredOutput> going = [];
        foreach (var one in inOrder.Where(one => one.IsDelivered)) Take(one, wanted);
        if (!KeepsUndelivered)
        {
            foreach (var one in inOrder.Where(one => !one.IsDelivered)) Take(one, LastOf(total));
        }

        return new(going, Math.Max(0, wanted - free));

        void Take(StoredOutput one, long until)
        {
            if (free >= until) return;
            going.Add(one);
            free += one.Bytes;
        }
    }
}
