using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Witnessing;

/// <summary>What is known here of logs and their witnesses, in words.</summary>
/// <param name="witness">This node as one.</param>
/// <param name="cosigners">The others as this node's.</param>
internal sealed class WitnessState(AuditWitness witness, Cosigners cosigners, string folder)
{
    /// <summary>Logs that contradict what a witness holds of them; a sentence each.</summary>
    public IReadOnlyList<string> Forks() =>
    [
        .. cosigners.Known.Where(one => one.Fork is not null).Select(one => $"{one.Node} holds another history of this node's audit log: {one.Fork}"),
        .. Latest().Where(log => log.Fork is not null).Select(log => $"the audit log of {log.Node} contradicts what this node has cosigned: {log.Fork!.What.TrimEnd('.')} (noticed {log.Fork.At.UtcDateTime:u})"),
    ];

    /// <summary>For <c>GetNode</c>.</summary>
    public IEnumerable<Rpc.V1.AuditWitness> Messages()
    {
        var (keys, known) = (cosigners.Keys.All().ToDictionary(one => one.Node, one => one.Key), cosigners.Known.ToDictionary(one => one.Node));
        return keys.Keys.Union(known.Keys).Order(StringComparer.Ordinal).Select(node => new Rpc.V1.AuditWitness
        {
            Node = node,
            PublicKey = keys.GetValueOrDefault(node)?.Pem ?? "",
            Name = LogNames.Witness(node),
            Entries = known.GetValueOrDefault(node)?.Entries ?? 0,
            Trouble = known.GetValueOrDefault(node)?.Trouble ?? "",
        });
    }

    /// <summary>How many entries the checkpoint signs that others have cosigned, and how many of the witnesses that are known have.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public (long Entries, int By) Cosigned(NoteKey? key) =>
        key is not null && AuditLog.Cosigned(folder) is { } note && Checkpoint.Open(note, key, out _) is { } checkpoint
            ? (checkpoint.Size, Cosignature.Of(note, [.. cosigners.Keys.All().Select(one => one.Key)], out _)?.Count ?? 0)
            : (0, 0);

    /// <summary>For <c>holdfast cluster check</c>.</summary>
    /// <param name="others">How many other nodes are there.</param>
    public IEnumerable<ClusterFinding> Findings(int others)
    {
        foreach (var fork in Forks()) yield return Finding("failed", fork, "somebody has cut or rewritten that log, or its machine was set back to a copy: keep its audit folder and the witnesses' as evidence; a new log begins by itself when the folder is moved away");
        foreach (var damaged in witness.Book.Damaged) yield return Finding("failed", $"{damaged.What} {damaged.Why}", damaged.Mend ?? "");
        if (others == 0) yield break;
        var known = cosigners.Known;
        var does = known.Where(one => one.Line is not null && one.Trouble.Length == 0).ToList();
        var not = known.Where(one => one.Trouble.Length > 0 && one.Fork is null).ToList();
        foreach (var one in not) yield return Finding("warning", $"{one.Node} does not cosign this node's audit log: {one.Trouble.TrimEnd('.')}", "see the network between them, and its agent's log");
        if (does.Count > 0) yield return Finding("ok", $"this node's audit log is cosigned by {string.Join(", ", does.Select(one => $"{one.Node} ({one.Entries} entries)"))}", "");
        else if (not.Count == 0 && known.All(one => one.Fork is null)) yield return Finding("warning", "no other node has cosigned this node's audit log since its agent began", "see whether the other nodes' agents listen");
    }

    /// <summary>Of each node the log that it had last: where another one began, the one before is history, and in the record.</summary>
    private IEnumerable<WitnessedLog> Latest() => witness.Book.Logs.GroupBy(log => log.Node).Select(logs => logs.MaxBy(log => log.FirstSeen)!);

    private static ClusterFinding Finding(string verdict, string what, string mend) => new() { Subject = "audit", Verdict = verdict, What = what, Mend = mend };
}
