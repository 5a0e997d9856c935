using System.Collections.Immutable;

namespace Holdfast.Core.Clusters;

/// <summary>How often a joining was refused, by whom ever. After <see cref="Most"/> within a minute nobody joins for a minute.</summary>
/// <param name="At">When, on a clock that only goes forward.</param>
/// <param name="ClosedUntil">Nobody joins before; null: it is open.</param>
public sealed record RefusedTries(ImmutableList<TimeSpan> At, TimeSpan? ClosedUntil)
{
    public const int Most = 10;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static RefusedTries None { get; } = new([], null);

    public bool IsClosed(TimeSpan now) => now < ClosedUntil;

    public RefusedTries Add(TimeSpan now)
    {
        var recent = At.RemoveAll(one => one <= now - Window).Add(now);
        return recent.Count < Most ? new(recent, null) : new([], now + Window);
    }
}
