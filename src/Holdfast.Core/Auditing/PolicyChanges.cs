namespace Holdfast.Core.Auditing;

/// <summary>A policy file that is not what it was.</summary>
/// <param name="File">As it is called under the home: <c>policy/sinks.yaml</c>.</param>
/// <param name="Before">Its digest when it was last seen; null: it was not there, or nobody had looked.</param>
/// <param name="After">Its digest now; null: it is gone.</param>
public sealed record PolicyChange(string File, string? Before, string? After)
{
    public const string Action = "policy.changed";

    /// <summary>For a file that was not there, or is gone.</summary>
    public const string None = "none";

    /// <param name="operation">A new number.</param>
    public AuditRecord Record(string operation) => new()
    {
        Actor = "holdfast",
        Action = Action,
        Target = File,
        Outcome = AuditOutcome.Done,
        Operation = operation,
        Details = new Dictionary<string, string> { ["before"] = Before ?? None, ["after"] = After ?? None },
    };
}

/// <summary>What has changed between two looks at the policy files. Whoever edits a file asks nobody: that it is other than it was is all that can be recorded.</summary>
public static class PolicyChanges
{
    /// <param name="seen">Digests of the last look, by file.</param>
    /// <param name="now">Digests of this one.</param>
    public static IReadOnlyList<PolicyChange> Between(IReadOnlyDictionary<string, string> seen, IReadOnlyDictionary<string, string> now)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(now);
        return
        [
            .. seen.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Select(file => new PolicyChange(file, seen.GetValueOrDefault(file), now.GetValueOrDefault(file)))
                .Where(change => change.Before != change.After),
        ];
    }
}
