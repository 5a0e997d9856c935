using Holdfast.Core.Auditing;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Operations;

/// <summary>What the end of the record says of changes that were under way when the agent before this one ended.</summary>
/// <param name="Open">The intention is there and no outcome.</param>
/// <param name="Concluded">Operations whose outcome is there, whether the store knows it or not.</param>
internal sealed record AuditTrail(IReadOnlyList<AuditEntry> Open, IReadOnlySet<string> Concluded)
{
    /// <summary>An agent has far fewer changes under way at one moment. What services record is not among them: it is nothing that an agent could bring to its end, and may be any number.</summary>
    private const int Tail = 1000;

    public static AuditTrail Read(string folder)
    {
        var last = new Dictionary<string, AuditEntry>(StringComparer.Ordinal);
        foreach (var entry in AuditReader.Read(folder, new() { Tail = Tail, HouseOnly = true }))
            last[entry.Operation] = entry;
        return new(
            [.. last.Values.Where(entry => entry.Outcome == AuditOutcome.Intended).OrderBy(entry => entry.Sequence)],
            last.Values.Where(entry => entry.Outcome is AuditOutcome.Done or AuditOutcome.Failed).Select(entry => entry.Operation).ToHashSet(StringComparer.Ordinal));
    }
}
