using Holdfast.Core.Auditing;

namespace Holdfast.Core.Tests.Auditing;

/// <summary>Chains to try the checks on.</summary>
internal static class Chains
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    public static AuditRecord Record(int number) => new()
    {
        Actor = "alice (uid 1000)",
        Action = number % 2 == 0 ? "deploy" : "restart",
        Target = $"payments-{number}",
        Outcome = (AuditOutcome)(number % 4),
        Operation = $"op-{number / 2}",
        Details = new Dictionary<string, string> { ["reason"] = $"Grund \"{number}\" – 理由\n", ["digest"] = "sha256:" + new string('a', 64) },
    };

    public static List<AuditEntry> Entries(int count, AuditHead? after = null)
    {
        var head = after ?? AuditHead.Origin;
        var entries = new List<AuditEntry>();
        for (var i = 0; i < count; i++)
        {
            entries.Add(AuditChain.Next(head, Record(i), "node-1", Start.AddSeconds(i)));
            head = entries[^1].Head;
        }

        return entries;
    }

    public static List<byte[]> Lines(IEnumerable<AuditEntry> entries) => [.. entries.Select(AuditLine.Format)];

    public static AuditVerdict Check(IEnumerable<byte[]> lines, params AuditHead[] kept)
    {
        var check = new AuditCheck(kept, after: null);
        var number = 0;
        foreach (var line in lines)
            check.Add(line, $"log:{++number}");
        return check.Finish();
    }
}
