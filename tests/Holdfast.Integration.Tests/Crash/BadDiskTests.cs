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

    /// <summary>
    /// As long as the command runs; but whether a commit was made that the disk did not answer is unknown while it does not answer, and
    /// is waited for.
    /// </summary>
    private static int Times(string path, FaultAction action) => action == FaultAction.IoError && path.StartsWith("store.db", StringComparison.Ordinal) ? 3 : int.MaxValue;

    [CrashFact]
    [Trait("Category", "Slow")]
    public async Task Law08_and_11_a_disk_that_fails_anywhere_is_told_and_recovered_from()
    {
        await using var node = await CrashNode.StartAsync();
        var matrix = new CrashMatrix(node, output);
        var deploy = CrashOperation.All.Single(operation => operation.Name == "deploy");
        var told = 0;
        foreach (var (role, kind, path) in places)
        {
            foreach (var action in kind == "write" ? (FaultAction[])[FaultAction.NoSpace, FaultAction.IoError, FaultAction.ShortWrite] : [FaultAction.NoSpace, FaultAction.IoError])
            {
                var answer = await matrix.FailAsync(deploy, new Aim { Roles = role, Kind = kind, Path = path, Action = action, At = 1, Times = Times(path, action) });
                output.WriteLine($"{action} at {role}'s {kind} {path} ({node.Injection.Fired} times): {answer.ExitCode} {answer.Error.Trim().Split('\n')[^1]}");
                Assert.True(node.Injection.Fired > 0, $"{role} never came to {kind} {path}");
                if (action == FaultAction.ShortWrite)
                    answer.Ok();
                if (answer.ExitCode == 0)
                    continue;
                told++;
                var word = action == FaultAction.NoSpace ? "space" : "error";
                Assert.Contains(word, answer.Error, StringComparison.OrdinalIgnoreCase);
            }
        }

        Assert.True(told > 10, $"only {told} failures were told");
    }
}
