using System.CommandLine;
using System.Runtime.Versioning;
using Holdfast.Cli.Api;
using Holdfast.Cli.Units;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Node.Pinning;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>
/// Writes the units that start the node at boot. Written again they are the same, or name the folder that this command is now run
/// from, those of exported services too. What somebody else wrote stays.
/// </summary>
internal sealed class AgentInstallCommand : CliCommand
{
    private readonly Option<string?> root = new("--root") { Description = "Below this folder instead of /: for the image of another machine", HelpName = "DIR" };
    private readonly Option<bool> print = new("--print") { Description = "Only print them" };
    private readonly Option<bool> now = new("--now") { Description = "Start them too; an agent that runs is started anew where its unit has changed" };

    private static readonly string[] Units = [SystemdUnits.Supervisor, SystemdUnits.Agent, SystemdUnits.Handover];

    private readonly Option<string?> listen = ListenOption.CreateKept();

    public AgentInstallCommand(CliContext cli)
        : base(cli, "install", "Make agent and supervisor units of systemd or services of Windows, which start at boot")
    {
        Options.Add(root);
        Options.Add(print);
        Options.Add(now);
        Options.Add(listen);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        if (parse.GetValue(listen) is { } given and not "off" && ListenOption.Problem(given) is { } wrong) return Terminal.Fail(wrong);
        if (OperatingSystem.IsWindows()) return await OnWindowsAsync(parse, cancel);
        var below = parse.GetValue(root);
        var files = new UnitFiles(below ?? "/");
        List<(string Name, string Text)> units =
        [
            (SystemdUnits.Supervisor, SystemdUnits.ForSupervisor(Cli.Home, SupervisorLauncher.DefaultExecutable)),
            (SystemdUnits.Agent, SystemdUnits.ForAgent(Cli.Home, Path.Combine(AppContext.BaseDirectory, "holdfast"), Listen(parse, files))),
            (SystemdUnits.Handover, SystemdUnits.ForHandover(Cli.Home, Path.Combine(AppContext.BaseDirectory, "holdfast"))),
        ];
        if (parse.GetValue(print))
        {
            foreach (var (name, text) in units) Terminal.Line($"# {name}\n{text}");
            return ExitCode.Ok;
        }

        var pinned = new PinnedServices(Cli.Home, Cli.Time);
        units.AddRange(files.Exported(Cli.Home).Select(service => (SystemdUnits.NameOf(service), SystemdServices.TextOf(Cli.Home, service, pinned.Find(service) is { IsOk: true } found ? found.Value : null))));
        if (below is null && Temporary() is { } problem) return Terminal.Fail(problem);
        if (below is null && Systemctl.IsThere)
        {
            var done = await new RecordedAct(Cli).RunAsync("agent.install", Environment.MachineName, new Dictionary<string, string> { ["folder"] = AppContext.BaseDirectory }, () => Task.FromResult(Write(files, units).Then(changed => Enable(changed, parse.GetValue(now)))), cancel);
            return done.IsOk ? ExitCode.Ok : Terminal.Fail(done.Problems);
        }

        var written = Write(files, units);
        return written.IsOk ? SayHow(below is not null, parse.GetValue(now)) : Terminal.Fail(written.Problems);
    }

    private string? Listen(ParseResult parse, UnitFiles files)
    {
        var unit = files.PathOf(SystemdUnits.Agent);
        return ListenOption.Kept(parse.GetValue(listen), File.Exists(unit) ? File.ReadAllText(unit) : null);
    }

    [SupportedOSPlatform("windows")]
    private async Task<int> OnWindowsAsync(ParseResult parse, CancellationToken cancel)
    {
        if (parse.GetValue(root) is not null) return Terminal.Fail(new Problem(ProblemKind.BadInput, "install.root", "--root is for the images of Linux machines") { Mend = "run it on the machine itself" });
        var node = new WindowsNode(Cli.Home, Cli.Time, parse.GetValue(listen));
        if (parse.GetValue(print))
        {
            foreach (var config in node.Wanted(AppContext.BaseDirectory)) Terminal.Line($"{config.Name}  {config.CommandLine}");
            return ExitCode.Ok;
        }

        var details = new Dictionary<string, string> { ["folder"] = AppContext.BaseDirectory };
        var done = await new RecordedAct(Cli).RunAsync("agent.install", Environment.MachineName, details, () => Task.FromResult(RegisterOnWindows(node, parse.GetValue(now))), cancel);
        return done.IsOk ? ExitCode.Ok : Terminal.Fail(done.Problems);
    }

    /// <summary>The agent is dispensable and takes up what has changed at once; a supervisor's new start would stop its services.</summary>
    [SupportedOSPlatform("windows")]
    private Outcome<Done> RegisterOnWindows(WindowsNode node, bool start)
    {
        var written = node.Write(AppContext.BaseDirectory);
        if (!written.TryGet(out var changed)) return Outcome.Failed<Done>(written.Problems);
        foreach (var name in WindowsNode.Names) Terminal.Line(name);
        var supervisorRuns = node.IsRunning(NodeServices.Supervisor);
        if (start)
        {
            if (!supervisorRuns && !SupervisorLauncher.IsNobodyThere(new(Cli.Home), Cli.Time)) return Unowned();
            var again = changed.Contains(NodeServices.Agent) && node.IsRunning(NodeServices.Agent) ? node.Stop(NodeServices.Agent) : Outcome.Done;
            var started = again.Then(_ => node.Start(NodeServices.Supervisor)).Then(_ => node.Start(NodeServices.Agent));
            if (!started.IsOk) return started;
        }

        Terminal.Say(start ? "They run, and start at boot." : $"They start at boot. Now: holdfast agent install --now, or sc.exe start {NodeServices.Supervisor} and {NodeServices.Agent}");
        if (supervisorRuns && changed.Contains(NodeServices.Supervisor)) Terminal.Say("The supervisor runs on as it is, so that no service ends; it takes up the changed one at its next start.");
        return Outcome.Done;
    }

    /// <summary>One that an agent in the foreground has started holds the home, and a second one would end at once.</summary>
    private Problem Unowned() => new(ProblemKind.Conflict, "install.supervisor-runs", $"a supervisor that Windows did not start keeps {Cli.Home.Path}")
    {
        Why = "agent and supervisor are known to Windows now, and start with the next boot",
        Mend = "restart the machine; or end the agent, the guard and the supervisor of this home (holdfast.exe, holdfast-supervisor.exe), with which its services end, and run this again",
    };

    private Outcome<IReadOnlyList<string>> Write(UnitFiles files, List<(string Name, string Text)> units)
    {
        var written = files.Write(units);
        if (!written.IsOk) return written;
        foreach (var (name, _) in units) Terminal.Line(files.PathOf(name));
        return written;
    }

    /// <summary>The agent's unit has folders of its own in the place of these: what lies there it would not see.</summary>
    private Problem? Temporary()
    {
        string[] hidden = ["/tmp/", "/var/tmp/"];
        return new[] { Cli.Home.Path, AppContext.BaseDirectory }.FirstOrDefault(path => hidden.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))) is { } lost
            ? new(ProblemKind.Conflict, "install.temporary", $"{lost} is in a folder for temporary files.") { Why = "it is emptied at boot, and the agent's unit does not see it", Mend = "install Holdfast, and have its home, somewhere else" }
            : null;
    }

    private Outcome<Done> Enable(IReadOnlyList<string> changed, bool start)
    {
        var agentWasThere = changed.Contains(SystemdUnits.Agent) && Systemctl.IsActive(SystemdUnits.Agent);
        var supervisorWasThere = changed.Contains(SystemdUnits.Supervisor) && Systemctl.IsActive(SystemdUnits.Supervisor);
        List<string[]> steps = [["daemon-reload"], start ? ["enable", "--now", .. Units] : ["enable", .. Units]];
        // The agent is dispensable and takes up its unit at once; a supervisor's new start would stop its services.
        if (start && agentWasThere) steps.Add(["restart", SystemdUnits.Agent]);
        var done = Systemctl.Run(steps);
        if (!done.IsOk) return done;
        Terminal.Say(start ? "They run, and start at boot." : "They start at boot. Now: systemctl start holdfast-supervisor holdfast-agent holdfast-handover");
        if (supervisorWasThere) Terminal.Say("The supervisor runs on as it is, so that no service ends; it takes up its changed unit at its next start.");
        return Outcome.Done;
    }

    private int SayHow(bool elsewhere, bool start)
    {
        Terminal.Say(elsewhere
            ? "On that machine: systemctl enable holdfast-supervisor holdfast-agent holdfast-handover"
            : "systemd does not run this machine, so nothing is enabled. Where it does: systemctl daemon-reload && systemctl enable --now holdfast-supervisor holdfast-agent holdfast-handover");
        return start && !elsewhere ? ExitCode.Conflict : ExitCode.Ok;
    }
}
