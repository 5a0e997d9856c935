namespace Holdfast.Core.Services;

/// <summary>Whether a service may append records of its own business to the node's audit log, and how many.</summary>
public sealed record AuditSpec
{
    /// <summary>More a minute than this is not asked for: each is on disk before it is answered.</summary>
    public const int MostPerMinute = 60_000;

    private const int Usual = 600;

    public bool Append { get; init; }

    /// <summary>Of each instance, over time; a minute's worth may come at once.</summary>
    public int PerMinute { get; init => field = value > 0 ? value : Usual; } = Usual;
}
