namespace Holdfast.Core.Auditing;

/// <summary>Where a chain has got to. Whoever keeps one can tell later that nothing up to it has changed or gone.</summary>
public sealed record AuditHead(long Sequence, string Hash)
{
    /// <summary>Before the first entry.</summary>
    public static AuditHead Origin { get; } = new(0, new string('0', 64));
}
