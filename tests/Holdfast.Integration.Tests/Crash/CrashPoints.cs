namespace Holdfast.Integration.Tests.Crash;

/// <summary>
/// The steps at which processes are ended: every call by which one of ours changes something in an operation of
/// <see cref="CrashOperation.All"/>, as kind and path (below the home, or below the home's cgroup); a * is what differs from time to time.
/// A call that has no name here fails the matrix.
/// </summary>
internal static class CrashPoints
{
    public static IReadOnlyDictionary<Role, string[]> All { get; } = new Dictionary<Role, string[]>
    {
        [Role.Agent] =
        [
            // Only where it is quicker than the guard to see that the supervisor is gone.
            "birth program",
            "create supervisor/guard.lock",
            "create supervisor/lock",
            "create supervisor/supervisor.log",
            "truncate supervisor/guard.lock",
            "truncate supervisor/lock",
            "write supervisor/guard.lock",
            "write supervisor/lock",

            "connect socket",
            "create agent.lock",
            "create .policy.seen.*.unfinished",
            "create audit/*.jsonl",
            "create audit/checkpoint.new",
            "create incoming/*",
            "create packages/.staged-*/.admission.json.*.unfinished",
            "create packages/.staged-*/files/patient",
            "create packages/.staged-*/holdfast.yaml",
            "create packages/.staged-*/manifest.json",
            "create packages/.staged-*/signatures/1.p7s",
            "create shipped.jsonl",
            "create shipping/local/cursors/*-0.cursor",
            "create store.db-shm",
            "create store.db-wal",
            "create streams/agent/*.seg",
            "create upgrade.check/*",
            "mkdir .",
            "mkdir audit",
            "mkdir incoming",
            "mkdir instances",
            "mkdir instances/*-0",
            "mkdir journal",
            "mkdir keys",
            "mkdir output",
            "mkdir output/*-0",
            "mkdir packages",
            "mkdir packages/.staged-*",
            "mkdir packages/.staged-*/files",
            "mkdir packages/.staged-*/signatures",
            "mkdir policy",
            "mkdir run",
            "mkdir shipping",
            "mkdir shipping/local",
            "mkdir shipping/local/cursors",
            "mkdir streams",
            "mkdir streams/agent",
            "mkdir streams/audit",
            "mkdir supervisor",
            "mkdir upgrade.check",
            "rename audit/checkpoint",
            "rename incoming/*",
            "rename packages/.removed-*",
            "rename packages/.staged-*/admission.json",
            "rename packages/sha256-*",
            "rename policy.seen",
            "rename upgrade.check/*",
            "rmdir packages/.removed-*",
            "rmdir packages/.removed-*/files",
            "rmdir packages/.removed-*/signatures",
            "rmdir upgrade.check",
            "send socket",
            "sync .",
            "sync .policy.seen.*.unfinished",
            "sync audit",
            "sync audit/*.jsonl",
            "sync audit/checkpoint.new",
            "sync audit/tree",
            "sync incoming",
            "sync incoming/*",
            "sync packages",
            "sync packages/.staged-*",
            "sync packages/.staged-*/.admission.json.*.unfinished",
            "sync packages/.staged-*/files",
            "sync packages/.staged-*/files/patient",
            "sync packages/.staged-*/holdfast.yaml",
            "sync packages/.staged-*/manifest.json",
            "sync packages/.staged-*/signatures",
            "sync packages/.staged-*/signatures/1.p7s",
            "sync shipped.jsonl",
            "sync shipping/local/cursors",
            "sync shipping/local/cursors/*-0.cursor",
            "sync store.db",
            "sync store.db-wal",
            "sync streams/agent",
            "sync streams/agent/*.seg",
            "sync upgrade.check",
            "sync upgrade.check/*",
            "truncate agent.lock",
            "truncate audit/*.jsonl",
            "truncate audit/checkpoint.new",
            "truncate audit/tree",
            "truncate shipped.jsonl",
            "truncate store.db",
            "truncate store.db-shm",
            "truncate streams/agent/*.seg",
            "truncate upgrade.check/*",
            "unlink incoming/*",
            "unlink packages/.removed-*/admission.json",
            "unlink packages/.removed-*/files/patient",
            "unlink packages/.removed-*/holdfast.yaml",
            "unlink packages/.removed-*/manifest.json",
            "unlink packages/.removed-*/signatures/1.p7s",
            "unlink run/api.sock",
            "unlink run/services.sock",
            "unlink store.db-shm",
            "unlink store.db-wal",
            "unlink upgrade.check/*",
            "write .policy.seen.*.unfinished",
            "write agent.lock",
            "write audit/*.jsonl",
            "write audit/checkpoint.new",
            "write audit/head",
            "write audit/tree",
            "write incoming/*",
            "write packages/.staged-*/.admission.json.*.unfinished",
            "write packages/.staged-*/files/patient",
            "write packages/.staged-*/holdfast.yaml",
            "write packages/.staged-*/manifest.json",
            "write packages/.staged-*/signatures/1.p7s",
            "write shipped.jsonl",
            "write shipping/local/cursors/*-0.cursor",
            "write store.db",
            "write store.db-shm",
            "write store.db-wal",
            "write streams/agent/*.seg",
            "write upgrade.check/*",
        ],
        [Role.Supervisor] =
        [
            "birth packages/sha256-*/files/patient",
            "birth program",
            "connect socket",
            "create output/*-0/*.seg",
            "create supervisor/.guard.image.*.unfinished",
            "create supervisor/.identity.json.*.unfinished",
            "create supervisor/instances/*-0.memory",
            "create supervisor/instances/*-0.order.json.*.unfinished",
            "create supervisor/lock",
            "kill signal 1",
            "kill signal 15",
            "kill signal 9",
            "mkdir .",
            "mkdir holdfast-*",
            "mkdir holdfast-*/*-0",
            "mkdir journal",
            "mkdir run",
            "mkdir run/notify",
            "mkdir run/secrets",
            "mkdir supervisor",
            "mkdir supervisor/instances",
            "rename supervisor/guard.image",
            "rename supervisor/identity.json",
            "rename supervisor/instances/*-0.order.json",
            "rmdir holdfast-*/*-0",
            "rmdir run/secrets/*-0",
            "send socket",
            "sync journal/*.seg",
            "sync output/*-0",
            "sync output/*-0/*.seg",
            "sync supervisor",
            "sync supervisor/.guard.image.*.unfinished",
            "sync supervisor/.identity.json.*.unfinished",
            "sync supervisor/instances",
            "sync supervisor/instances/*-0.order.json.*.unfinished",
            "truncate output/*-0/*.seg",
            "truncate supervisor/lock",
            "unlink run/notify/*-0.sock",
            "unlink run/supervisor.sock",
            "unlink supervisor/instances/*-0.memory",
            "unlink supervisor/instances/*-0.order.json",
            "write holdfast-*/*-0/cgroup.kill",
            "write holdfast-*/cgroup.max.descendants",
            "write journal/*.seg",
            "write output/*-0/*.seg",
            "write supervisor/.guard.image.*.unfinished",
            "write supervisor/.identity.json.*.unfinished",
            "write supervisor/instances/*-0.memory",
            "write supervisor/instances/*-0.order.json.*.unfinished",
            "write supervisor/lock",
            "write supervisor/supervisor.log",
        ],
        [Role.Guard] =
        [
            "birth program",
            "create supervisor/lock",
            "mkdir holdfast-*",
            "mkdir holdfast-*/rehearsal",
            "rmdir holdfast-*",
            "rmdir holdfast-*/*-0",
            "rmdir holdfast-*/rehearsal",
            "truncate supervisor/lock",
            "write holdfast-*/*-0/cgroup.kill",
            "write holdfast-*/cgroup.max.descendants",
            "write holdfast-*/rehearsal/cgroup.kill",
            "write supervisor/lock",
            "write supervisor/supervisor.log",
        ],
        [Role.Cli] =
        [
            "connect socket",
            "create agent.lock",
            "send socket",
        ],
    };

    /// <summary>All runs of an operation: each of its steps, for the first, second, middle and last time, before, after and within.</summary>
    /// <param name="trace">Of the operation when nobody is ended.</param>
    public static IEnumerable<CrashRun> RunsOf(CrashOperation operation, IEnumerable<TracedCall> trace)
    {
        foreach (var step in trace.GroupBy(call => (call.Role, Name: NameOf(call))))
        {
            var count = step.Count();
            foreach (var nth in new SortedSet<int> { 1, Math.Min(2, count), (count + 1) / 2, count })
            {
                foreach (var action in Actions(step.First().Kind))
                    yield return new(operation, step.Key.Role, step.Key.Role, step.Key.Name, nth, action);
            }

            // The others die, too, while somebody is at work.
            if (step.Key.Role == Role.Supervisor)
                yield return new(operation, step.Key.Role, Role.Guard, step.Key.Name, 1, FaultAction.KillBefore);
            if (step.Key.Role == Role.Agent && !operation.EndsSupervisor)
                yield return new(operation, step.Key.Role, Role.Supervisor, step.Key.Name, 1, FaultAction.KillBefore);
        }
    }

    public static string NameOf(TracedCall call) => $"{call.Kind} {call.Pattern}";

    private static FaultAction[] Actions(string kind) => kind switch
    {
        "write" => [FaultAction.KillBefore, FaultAction.KillTorn],
        "rename" or "birth" or "unlink" or "connect" => [FaultAction.KillBefore, FaultAction.KillAfter],
        // What comes after another one is before the next.
        _ => [FaultAction.KillBefore],
    };
}
