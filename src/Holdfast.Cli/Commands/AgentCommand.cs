using System.Collections;
using System.CommandLine;
using System.Net;
using Holdfast.Cli.Units;
using Holdfast.Core.EventLog;
using Holdfast.Core.Problems;
using Holdfast.Node.Hosting;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Holdfast.Cli.Commands;

/// <summary>The node's daemon in the foreground: what a unit file, a service manager or <c>agent start</c> runs.</summary>
internal sealed class AgentCommand : CliCommand
{
    private readonly Option<string> node = new("--node")
    {
        Description = "The node's name (default: the host's)",
        DefaultValueFactory = _ => Environment.MachineName,
        HelpName = "NAME",
    };

    private readonly Option<string?> metrics = new("--metrics")
    {
        Description = $"Where /metrics answers, on loopback: ADDRESS:PORT (port 0: a free one), or off (default: 127.0.0.1:{MetricsDoor.DefaultPort}, or a free port where that is taken)",
        HelpName = "ADDRESS:PORT",
    };

    private readonly Option<string?> listen = ListenOption.Create();

    private readonly Option<string> supervisor = new("--supervisor")
    {
        Description = "start: started where none runs; external: somebody else's matter (systemd), only waited for",
        DefaultValueFactory = _ => "start",
        HelpName = "start|external",
    };

    private readonly Option<bool> native = new("--native") { Description = "Windows' service control manager has started it", Hidden = true };

    public AgentCommand(CliContext cli)
        : base(cli, "agent", "Run the node's daemon in the foreground")
    {
        supervisor.AcceptOnlyFromAmong("start", "external");
        Options.Add(node);
        Options.Add(metrics);
        Options.Add(listen);
        Options.Add(supervisor);
        Options.Add(native);
        Subcommands.Add(new AgentStartCommand(cli));
        Subcommands.Add(new AgentInstallCommand(cli));
        Subcommands.Add(new AgentProveCommand(cli));
        Subcommands.Add(new AgentUninstallCommand(cli));
        Subcommands.Add(new NodeCommand(cli, "status"));
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var given = parse.GetValue(metrics);
        if (Door(given) is not { } door)
            return Terminal.Fail(NotLoopback(given!));
        if (ListenOption.Problem(parse.GetValue(listen)) is { } problem)
            return Terminal.Fail(problem);

        NewFiles.CloseToOthers();
        if (OperatingSystem.IsWindows() && parse.GetValue(native)) return AgentService.Run(Cli, Terminal, (ready, goesDown, stop) => TellHostAsync(() => ServeAsync(parse, door, ready, goesDown, stop)));
        var ended = await TellHostAsync(() => ServeAsync(parse, door, () => { }, CancellationToken.None, cancel));
        if (!ended.TryGet(out var end)) return Terminal.Fail(ended.Problems);
        return end.Next is { } next ? Become(next) : ExitCode.Ok;
    }

    /// <summary>Begin and end are in the host's own log too, where it has one.</summary>
    private async Task<Outcome<AgentEnd>> TellHostAsync(Func<Task<Outcome<AgentEnd>>> serve)
    {
        using var events = HostEventLog.Open();
        events.Write(EventLogEntries.AgentBegan(Cli.Home.Path, VersionCommand.Version, Environment.ProcessId));
        var ended = await serve();
        events.Write(ended.IsOk
            ? EventLogEntries.AgentEnded(Cli.Home.Path, VersionCommand.Version, Environment.ProcessId)
            : EventLogEntries.AgentRefused(Cli.Home.Path, ended.Problems));
        return ended;
    }

    private async Task<Outcome<AgentEnd>> ServeAsync(ParseResult parse, MetricsDoor door, Action ready, CancellationToken goesDown, CancellationToken cancel)
    {
        // The log is for the machine's own journal: one line an entry, on stderr.
        using var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            })
            .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        var options = new AgentOptions
        {
            Home = Cli.Home,
            Node = parse.GetRequiredValue(node),
            Metrics = door,
            Listen = ListenOption.Parse(parse.GetValue(listen)),
            SupervisorExecutable = parse.GetRequiredValue(supervisor) == "start" ? SupervisorLauncher.DefaultExecutable : null,
            Ready = ready,
            MachineGoesDown = goesDown,
        };
        return await Agent.RunAsync(options, loggers, Cli.Time, cancel);
    }

    /// <summary>Another build goes on in this process. Where that cannot be, this one does: an agent is never missing for that.</summary>
    private int Become(string next)
    {
        var arguments = Environment.GetCommandLineArgs()[1..];
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)(e.Value ?? ""));
        var failed = NextImage.Become(next, arguments, variables, []);
        Terminal.Fail(failed);
        return Terminal.Fail(NextImage.Become(Environment.ProcessPath!, arguments, variables, []));
    }

    private static MetricsDoor? Door(string? given) => given switch
    {
        null => new MetricsDoor.Usual(),
        "off" => new MetricsDoor.Closed(),
        _ => IPEndPoint.TryParse(given, out var address) && IPAddress.IsLoopback(address.Address) ? new MetricsDoor.At(address) : null,
    };

    private static Problem NotLoopback(string given) => new(ProblemKind.BadInput, "agent.metrics-address", $"'{given}' is not a loopback address with a port.")
    {
        Why = "/metrics has no access control, so it answers only on this machine",
        Mend = "for instance 127.0.0.1:7421, or off",
    };
}
