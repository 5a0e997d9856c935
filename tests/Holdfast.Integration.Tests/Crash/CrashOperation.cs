using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>
/// An operation in the middle of which processes are ended. To add one is to add it to <see cref="All"/>: what it changes is traced
/// and its steps are found by themselves.
/// </summary>
/// <param name="Name">As in the names of runs.</param>
/// <param name="Audited">Its action in the audit log; null: it is nobody's change.</param>
/// <param name="From">Of orders, before it.</param>
/// <param name="To">And after it.</param>
/// <param name="RunAsync">Carries it out; its answer may be any that the command has for a node in trouble.</param>
internal sealed record CrashOperation(string Name, string? Audited, ServiceState From, ServiceState To, Func<CrashNode, Task<CommandResult>> RunAsync)
{
    /// <summary>A pushed package that no release needs is kept for an hour. At any time of day it is another day then, with an audit file of its own.</summary>
    private static readonly TimeSpan PushedLongAgo = TimeSpan.FromDays(1);

    private static readonly ServiceState old = new(CrashNode.Old, Running: true);

    /// <summary>Besides <see cref="From"/>.</summary>
    public Func<CrashNode, Task>? PrepareAsync { get; init; }

    /// <summary>What must hold besides <see cref="To"/> when it is done.</summary>
    public Func<CrashNode, bool>? Effect { get; init; }

    /// <summary>The agent's wall clock meanwhile.</summary>
    public TimeSpan ClockAhead { get; init; }

    /// <summary>Exit codes of its command that others do not have for a node in trouble.</summary>
    public IReadOnlyList<int> Answers { get; init; } = [];

    /// <summary>It ends the agent itself, and starts the next.</summary>
    public bool EndsAgent { get; init; }

    /// <summary>It ends the supervisor itself.</summary>
    public bool EndsSupervisor { get; init; }

    /// <summary>In an order in which each finds the node as the one before leaves it.</summary>
    public static IReadOnlyList<CrashOperation> All { get; } =
    [
        new("deploy-first", "deploy", ServiceState.Gone, old, node => node.DeployAsync("orders", CrashNode.Old)) { PrepareAsync = ForgetPackagesAsync },
        new("collect", "restart", old, old, node => node.Node.HoldfastAsync("restart", "orders"))
        {
            PrepareAsync = LeaveUnneededPackageAsync,
            ClockAhead = PushedLongAgo,
            Effect = node => PackageCount(node) == 2,
        },
        new("deploy", "deploy", old, new(CrashNode.New, Running: true), node => node.DeployAsync("orders", CrashNode.New))
        {
            PrepareAsync = async node =>
            {
                if (await node.StateAsync() != old || PackageCount(node) != 2)
                    await ForgetPackagesAsync(node);
            },
        },
        new("rollback", "rollback", new(CrashNode.New, Running: true), old, node => node.Node.HoldfastAsync("rollback", "orders"))
        {
            // So that there is what it goes back to.
            PrepareAsync = node => BringAsync(node, old),
        },
        new("restart", "restart", old, old, node => node.Node.HoldfastAsync("restart", "orders")),
        new("stop", "stop", old, old with { Running = false }, node => node.Node.HoldfastAsync("stop", "orders")),
        new("start", "start", old with { Running = false }, old, node => node.Node.HoldfastAsync("start", "orders")),
        new("agent-start", null, old, old, RestartAgentAsync) { EndsAgent = true },
        new("supervisor-death", null, old, old, EndSupervisorAsync) { EndsSupervisor = true },
        // A new build that is killed while it proves itself is refused.
        new("upgrade", "upgrade", old, old, UpgradeAsync) { Answers = [Core.Problems.ExitCode.Refused] },
        new("backup", "backup", old, old, BackUpAsync),
        new("ship", null, old, old, ShippedLines.ShipAsync) { PrepareAsync = ShippedLines.WithoutSinksAsync },
        new("remove", "remove", old, ServiceState.Gone, node => node.Node.HoldfastAsync("remove", "orders")),
    ];

    /// <summary>Brings orders to a state with operations in which nobody dies: so each of them is shown to work after what was before.</summary>
    public static async Task BringAsync(CrashNode node, ServiceState wanted)
    {
        var state = await node.StateAsync();
        if (state == wanted)
            return;
        var (next, answer) = wanted switch
        {
            { Version: null } => (wanted, await node.Node.HoldfastAsync("remove", "orders")),
            { Version: { } version } when version != state.Version => (new(version, Running: true), await node.DeployAsync("orders", version)),
            _ => (wanted, await node.Node.HoldfastAsync(wanted.Running ? "start" : "stop", "orders")),
        };
        answer.Ok();
        // `ps` may still show the instance that the supervisor is just forgetting.
        await Eventually.SeeAsync($"orders {next}", node.StateAsync, seen => seen == next);
        await BringAsync(node, wanted);
    }

    /// <summary>No package of orders is here: to push one is the whole work again.</summary>
    private static async Task ForgetPackagesAsync(CrashNode node)
    {
        await BringAsync(node, ServiceState.Gone);
        if (PackageCount(node) == 1)
            return;
        node.Injection.AgentClockAhead = PushedLongAgo;
        (await node.Node.HoldfastAsync("restart", "ledger")).Ok();
        await Eventually.SeeAsync("no package of orders", () => PackageCount(node) == 1);
        node.Injection.AgentClockAhead = TimeSpan.Zero;
    }

    private static async Task LeaveUnneededPackageAsync(CrashNode node)
    {
        if (await node.StateAsync() == old && PackageCount(node) == 3 && await HistoryLengthAsync(node) == 1)
            return;
        await BringAsync(node, new(CrashNode.New, Running: true));
        await BringAsync(node, ServiceState.Gone);
        await BringAsync(node, old);
    }

    private static int PackageCount(CrashNode node) => Directory.EnumerateDirectories(node.Home.Packages, "sha256-*").Count();

    private static async Task<int> HistoryLengthAsync(CrashNode node)
    {
        using var history = System.Text.Json.JsonDocument.Parse((await node.Node.HoldfastAsync("history", "orders", "-o", "json")).Ok().Output);
        return history.RootElement.GetArrayLength();
    }

    private static async Task<CommandResult> RestartAgentAsync(CrashNode node)
    {
        await node.Node.KillAgentAsync();
        // Not waited for here: it may not live to answer.
        node.Node.BeginAgent();
        return new("agent", 0, "", "");
    }

    private static Task<CommandResult> EndSupervisorAsync(CrashNode node)
    {
        TestNode.Signal(node.Node.SupervisorPid, 9);
        return Task.FromResult(new CommandResult("kill -9 supervisor", 0, "", ""));
    }

    /// <summary>To the one of two builds that does not run. What a killed one has left half done is done by asking again.</summary>
    private static async Task<CommandResult> UpgradeAsync(CrashNode node)
    {
        var builds = new[] { Programs.Folder, node.OtherBuild() };
        var next = builds[0] == FolderOf(node.Node.AgentPid) ? builds[1] : builds[0];
        var first = await node.Node.HoldfastAsync("upgrade", "--to", next);
        var last = first;
        await Eventually.SeeAsync("an upgrade that is done", async () =>
        {
            if (last.ExitCode != 0)
                last = await node.Node.HoldfastAsync("upgrade", "--to", next);
            return last.ExitCode;
        }, code => code == 0);
        // Who is ended once it was done comes back as what it was then.
        await Eventually.SeeAsync($"both of {next}", () => (FolderOf(node.Node.AgentPid), FolderOf(node.Node.SupervisorPid)) == (next, next));
        return first;
    }

    /// <summary>Whatever dies, a file of that name is whole; what is killed leaves none.</summary>
    private static async Task<CommandResult> BackUpAsync(CrashNode node)
    {
        var file = Path.Combine(node.Node.Work, "node.hfbackup");
        File.Delete(file);
        var answer = await node.Node.HoldfastAsync("backup", file);
        Assert.True(File.Exists(file) || answer.ExitCode != 0, "the command said that it is done, and there is no backup");
        if (File.Exists(file))
            (await node.Node.HoldfastAsync("backup", "verify", file)).Ok();
        return answer;
    }

    private static string? FolderOf(int pid) => Path.GetDirectoryName(Platform.ProcessFacts.Executable(pid));
}
