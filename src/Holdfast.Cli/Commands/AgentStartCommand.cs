using System.Collections;
using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

/// <summary>Starts the agent in the background and waits until it answers.</summary>
internal sealed class AgentStartCommand : CliCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Option<string?> node = new("--node") { Description = "As for `holdfast agent`", HelpName = "NAME" };
    private readonly Option<string?> metrics = new("--metrics") { Description = "As for `holdfast agent`", HelpName = "ADDRESS:PORT" };

    private readonly Option<string?> listen = ListenOption.Create();

    public AgentStartCommand(CliContext cli)
        : base(cli, "start", "Start the agent in the background, if none runs for this home")
    {
        Options.Add(node);
        Options.Add(metrics);
        Options.Add(listen);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        if (await AnswerAsync(cancel) is { } running)
        {
            Terminal.Line($"The agent runs already, pid {running.AgentPid}.");
            return ExitCode.Ok;
        }

        Directory.CreateDirectory(Cli.Home.Path);
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "holdfast.exe" : "holdfast");
        var started = DetachedProcess.Start(program, AgentArguments(parse), Inherited(), Cli.Home.AgentLog);
        if (!started.TryGet(out var agent)) return Terminal.Fail(started.Problems);
        return await WaitAsync(agent, cancel);
    }

    private List<string> AgentArguments(ParseResult parse)
    {
        List<string> arguments = ["agent", "--home", Cli.Home.Path];
        // The agent judges them; what it says of them is in its log, whose last line is shown.
        foreach (var option in new[] { node, metrics, listen })
        {
            if (parse.GetValue(option) is { } value) arguments.AddRange([option.Name, value]);
        }

        return arguments;
    }

    private async Task<int> WaitAsync(DetachedProcess agent, CancellationToken cancel)
    {
        var began = Cli.Time.GetTimestamp();
        while (Cli.Time.GetElapsedTime(began) < Patience)
        {
            if (await AnswerAsync(cancel) is { } node)
            {
                Terminal.Line($"The agent runs, pid {node.AgentPid}; home {node.Home}.");
                return ExitCode.Ok;
            }

            if (!ProcessFacts.IsAlive(agent.Pid, agent.CreationTime)) return Terminal.Fail(NotStarted("The agent ended at once"));
            await Task.Delay(Pause, Cli.Time, cancel);
        }

        return Terminal.Fail(NotStarted($"The agent (pid {agent.Pid}) does not answer"));
    }

    private Problem NotStarted(string what)
    {
        return new(ProblemKind.Failed, "agent.not-started", what) { Why = LastWords.Of(Cli.Home.AgentLog), Mend = $"see {Cli.Home.AgentLog}" };
    }

    private async Task<NodeInfo?> AnswerAsync(CancellationToken cancel)
    {
        try
        {
            using var api = ApiSession.OpenLocal(Cli.Home, Cli.Time);
            return await api.Node.GetNodeAsync(new GetNodeRequest(), ApiSession.Short(cancel));
        }
        catch (RpcException e) when (e.Status.Code == StatusCode.Unavailable)
        {
            return null;
        }
    }

    /// <summary>The agent is ours and gets what we have; services get nothing of it.</summary>
    private static Dictionary<string, string> Inherited() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)(e.Value ?? ""));
}
