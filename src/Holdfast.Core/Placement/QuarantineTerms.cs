namespace Holdfast.Core.Placement;

/// <summary>When a node that comes and goes is left alone for a while.</summary>
/// <param name="Losses">So many unplanned losses of its lease …</param>
/// <param name="Within">… in this time quarantine it …</param>
/// <param name="Lasts">… for so long.</param>
/// <param name="OneOf">At most one node of so many is in quarantine at once; in a smaller cluster one.</param>
public sealed record QuarantineTerms(int Losses, TimeSpan Within, TimeSpan Lasts, int OneOf)
{
    /// <summary>Those of Windows' failover clusters: three within an hour, two hours, a quarter of the nodes.</summary>
    public static QuarantineTerms Default { get; } = new(3, TimeSpan.FromHours(1), TimeSpan.FromHours(2), 4);
}
