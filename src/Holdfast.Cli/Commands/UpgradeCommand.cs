using System.CommandLine;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Units;
using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

/// <summary>Replaces agent and supervisor by another build, and counts afterwards which services have kept their processes.</summary>
internal sealed class UpgradeCommand : CliCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Option<string?> folder = new("--to")
    {
        Description = "The folder of the build to run from now on (default: that of this holdfast)",
        HelpName = "FOLDER",
    };

    private readonly Option<string> format = FormatOption.Plain();

    public UpgradeCommand(CliContext cli)
        : base(cli, "upgrade", "Replace agent and supervisor by another version, under running services")
    {
        Options.Add(folder);
        Options.Add(format);
        Options.Add(new WhyOption());
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var wanted = Path.GetFullPath(parse.GetValue(folder) ?? AppContext.BaseDirectory, Cli.Folder);
        if (OperatingSystem.IsWindows()) return await OnWindowsAsync(Path.TrimEndingDirectorySeparator(wanted), cancel);
        var before = await LookAsync(cancel);
        if (await AskAsync(wanted, before.Node, cancel) is { } problem) return Terminal.Fail(problem);
        var after = await WaitAsync(wanted, before.Node, cancel);
        if (!after.TryGet(out var now)) return Terminal.Fail(after.Problems);
        Show(before, now, parse);
        return ExitCode.Ok;
    }

    /// <summary>There no process becomes another build: see <see cref="WindowsUpgrade"/>.</summary>
    [SupportedOSPlatform("windows")]
    private async Task<int> OnWindowsAsync(string wanted, CancellationToken cancel)
    {
        var upgrade = new WindowsUpgrade(Cli.Home, Cli.Time, Terminal);
        var done = await new RecordedAct(Cli).RunAsync("node.upgrade", Environment.MachineName, new Dictionary<string, string> { ["folder"] = wanted }, () => Task.FromResult(upgrade.Run(wanted)), cancel);
        if (!done.IsOk) return Terminal.Fail(done.Problems);
        Terminal.Line($"The agent runs from {wanted}; no service was touched.");
        foreach (var name in upgrade.Waiting()) Terminal.Say($"{name} takes it up at its next start.");
        return ExitCode.Ok;
    }

    /// <summary>Returns when the agent has nothing more to say: it is the other build, or about to be. Or what it says stands in the way.</summary>
    private async Task<Problem?> AskAsync(string wanted, NodeInfo node, CancellationToken cancel)
    {
        var leaving = false;
        try
        {
            using var api = ApiSession.Open(Cli);
            using var call = api.Node.Upgrade(new UpgradeRequest { Folder = wanted }, new CallOptions(cancel));
            await foreach (var progress in call.ReadAllAsync(cancel))
            {
                Terminal.Say($"{progress.Step,-12}  {progress.Message}");
                leaving = progress.Step == "agent";
            }

            return null;
        }
        catch (RpcException) when (leaving && !cancel.IsCancellationRequested)
        {
            // Its connections end with it, however: what has become of it is seen below.
            return null;
        }
        catch (RpcException e) when (e.Status.Code == StatusCode.Unimplemented)
        {
            return new Problem(ProblemKind.Conflict, "upgrade.agent-too-old", $"The agent that runs ({node.Version}, pid {node.AgentPid}) cannot be replaced in place yet")
            {
                Mend = $"end it (kill {node.AgentPid}) and start this one (holdfast agent start): services run on; its supervisor is replaced when it is next restarted",
            };
        }
    }

    private async Task<Outcome<Seen>> WaitAsync(string wanted, NodeInfo before, CancellationToken cancel)
    {
        var began = Cli.Time.GetTimestamp();
        var left = Cli.Time.GetUtcNow();
        while (true)
        {
            try
            {
                var now = await LookAsync(cancel);
                if (now.Node.AgentStartedAt.ToDateTimeOffset() > left && !IsIn(wanted, now.Node.AgentExecutable)) return CameBack(now.Node);
                if (now.Node.SupervisorPid > 0 && FolderOf(now.Node.AgentExecutable) == FolderOf(now.Node.SupervisorExecutable) && IsIn(wanted, now.Node.AgentExecutable)) return now;
            }
            catch (RpcException) when (!cancel.IsCancellationRequested)
            {
                // It is between the two, and ends calls as it comes.
            }

            if (Cli.Time.GetElapsedTime(began) > Patience)
            {
                return new Problem(ProblemKind.Failed, "upgrade.no-agent", $"The new agent does not answer after {Patience.TotalSeconds:0} s; the services run on")
                {
                    Mend = $"see {Cli.Home.AgentLog} (or the service manager's log); `{before.AgentExecutable} agent start` starts the one before",
                };
            }

            await Task.Delay(Pause, Cli.Time, cancel);
        }
    }

    /// <summary>Whoever starts agents here has started the one it knows.</summary>
    private static Problem CameBack(NodeInfo node) => new(ProblemKind.Failed, "upgrade.came-back", $"The new agent has ended, and one of {node.Version} in {FolderOf(node.AgentExecutable)} was started (pid {node.AgentPid}); the services run on")
    {
        Mend = "run the upgrade again; if it ends so again, see the agent's log",
    };

    private async Task<Seen> LookAsync(CancellationToken cancel)
    {
        using var api = ApiSession.OpenLocal(Cli.Home, Cli.Time);
        var node = await api.Node.GetNodeAsync(new GetNodeRequest(), ApiSession.Short(cancel));
        var listed = await api.Services.ListInstancesAsync(new ListInstancesRequest(), ApiSession.Short(cancel));
        return new(node, listed.Instances.Where(instance => instance.Pid > 0).ToDictionary(instance => instance.Instance_, instance => instance.Pid));
    }

    private void Show(Seen before, Seen after, ParseResult parse)
    {
        var kept = before.Pids.Count(was => after.Pids.TryGetValue(was.Key, out var pid) && pid == was.Value);
        var shown = parse.Format(format);
        if (shown.IsDocument())
        {
            Terminal.Document(new JsonObject
            {
                ["from"] = before.Node.Version,
                ["to"] = after.Node.Version,
                ["folder"] = FolderOf(after.Node.AgentExecutable),
                ["agentPid"] = after.Node.AgentPid,
                ["supervisorPid"] = after.Node.SupervisorPid,
                ["processes"] = before.Pids.Count,
                ["kept"] = kept,
            }, shown);
            return;
        }

        Terminal.Line($"{after.Node.Version} runs from {FolderOf(after.Node.AgentExecutable)}; {kept} of {before.Pids.Count} services kept their process.");
    }

    private static bool IsIn(string folder, string executable) => executable.Length > 0
        && (FolderOf(executable) == Path.TrimEndingDirectorySeparator(folder) || FolderOf(executable) == Directory.ResolveLinkTarget(Path.TrimEndingDirectorySeparator(folder), returnFinalTarget: true)?.FullName);

    private static string FolderOf(string executable) => Path.GetDirectoryName(executable) ?? "";

    private sealed record Seen(NodeInfo Node, IReadOnlyDictionary<string, int> Pids);
}
