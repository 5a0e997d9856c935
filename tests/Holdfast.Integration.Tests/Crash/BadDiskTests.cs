using Holdfast.Integration.Tests.Nodes;
using Xunit.Abstractions;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>Every file that ours write, on a disk that is full, broken or slow to take all: said in words, nothing lost silently, over when it is over.</summary>
public sealed class BadDiskTests(ITestOutputHelper output)
{
    /// <summary>Whose write of what fails, while a service is deployed.</summary>
    private static readonly (Role Role, string Kind, string Path)[] places =
    [
        (Role.Agent, "create", "incoming/*"),
        (Role.Agent, "write", "incoming/*"),
        (Role.Agent, "mkdir", "packages/.staged-*"),
        (Role.Agent, "create", "packages/.staged-*/files/patient"),
        (Role.Agent, "write", "packages/.staged-*/files/patient"),
        (Role.Agent, "sync", "packages/.staged-*/files/patient"),
        (Role.Agent, "write", "packages/.staged-*/.admission.json.*.unfinished"),
        (Role.Agent, "rename", "packages/sha256-*"),
        (Role.Agent, "sync", "packages"),
        (Role.Agent, "write", "audit/*.jsonl"),
        (Role.Agent, "sync", "audit/*.jsonl"),
        (Role.Agent, "write", "audit/head"),
        (Role.Agent, "write", "store.db-wal"),
        (Role.Agent, "sync", "store.db-wal"),
        (Role.Supervisor, "create", "supervisor/instances/*.unfinished"),
        (Role.Supervisor, "write", "supervisor/instances/*.unfinished"),
        (Role.Supervisor, "sync", "supervisor/instances/*.unfinished"),
        (Role.Supervisor, "rename", "supervisor/instances/*.order.json"),
        (Role.Supervisor, "sync", "supervisor/instances"),
        (Role.Supervisor, "write", "supervisor/instances/*.memory"),
        (Role.Supervisor, "write", "journal/*.seg"),
        (Role.Supervisor, "sync", "journal/*.seg"),
        (Role.Supervisor, "write", "output/*/*.seg"),
        (Role.Supervisor, "sync", "output/*/*.seg"),
    ];

    [CrashFact]
    [Trait("Category", "Slow")]
    public Task Law08_and_11_a_disk_that_fails_somewhere_is_told_and_recovered_from() => RunAsync(sample: 12);

    [CrashFact]
    [Trait("Category", "Soak")]
    public Task Law08_and_11_a_disk_that_fails_anywhere_is_told_and_recovered_from() => RunAsync(sample: int.MaxValue);

    private async Task RunAsync(int sample)
    {
        var seed = CrashSeed.Take(output);
        await using var node = await CrashNode.StartAsync();
        var matrix = new CrashMatrix(node, output);
        var deploy = CrashOperation.All.Single(operation => operation.Name == "deploy");
        var faults = from place in places
                     from action in (FaultAction[])[FaultAction.NoSpace, FaultAction.IoError, FaultAction.ShortWrite]
                     where action != FaultAction.ShortWrite || place.Kind == "write"
                     let name = $"{action} at {place.Role}'s {place.Kind} {place.Path}"
                     orderby CrashSeed.Place(seed, name)
                     select (name, place, action);
        foreach (var (name, (role, kind, path), action) in faults.Take(sample))
        {
            var answer = await matrix.FailAsync(deploy, new Aim { Roles = role, Kind = kind, Path = path, Action = action, At = 1, Times = Times(kind, path, action) });
            output.WriteLine($"{name} ({node.Injection.Fired} times): {answer.ExitCode} {answer.Error.Trim().Split('\n')[^1]}");
            Assert.True(node.Injection.Fired > 0, $"{name}: it never came to that");
            if (action == FaultAction.ShortWrite)
                answer.Ok();
            else if (answer.ExitCode != 0)
                Assert.Contains(action == FaultAction.NoSpace ? "space" : "error", answer.Error.Replace("disk is full", "no space", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
            else
                Assert.True(role == Role.Supervisor || path is "audit/head" || path.StartsWith("store.db", StringComparison.Ordinal), $"{name}: nobody said a word");
        }
    }

    /// <summary>
    /// As long as the command runs; but whether a commit was made that the disk failed to sync is unknown until the disk answers, and
    /// is waited for.
    /// </summary>
    private static int Times(string kind, string path, FaultAction action) =>
        path.StartsWith("store.db", StringComparison.Ordinal) && (action == FaultAction.IoError || (action == FaultAction.NoSpace && kind == "sync")) ? 3 : int.MaxValue;
}
