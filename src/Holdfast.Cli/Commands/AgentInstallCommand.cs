using System.CommandLine;
using System.Diagnostics;
using Holdfast.Core.Problems;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>Writes the units that start the node at boot. Written again they are the same; what somebody else wrote stays.</summary>
internal sealed class AgentInstallCommand : CliCommand
{
    /// <summary>There while systemd runs the machine (sd_booted(3)).</summary>
    private const string Running = "/run/systemd/system";

    private readonly Option<string?> root = new("--root") { Description = "Below this folder instead of /: for the image of another machine", HelpName = "DIR" };
    private readonly Option<bool> print = new("--print") { Description = "Only print them" };
    private readonly Option<bool> now = new("--now") { Description = "Start them too" };

    public AgentInstallCommand(CliContext cli)
        : base(cli, "install", "Write systemd units for agent and supervisor, which start them at boot")
    {
        Options.Add(root);
        Options.Add(print);
        Options.Add(now);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux())
            return Task.FromResult(Terminal.Fail(new Problem(ProblemKind.Conflict, "install.no-systemd", "There is no systemd on this operating system.")));
        (string Name, string Text)[] units =
        [
            (SystemdUnits.Supervisor, SystemdUnits.ForSupervisor(Cli.Home, SupervisorLauncher.DefaultExecutable)),
            (SystemdUnits.Agent, SystemdUnits.ForAgent(Cli.Home, Path.Combine(AppContext.BaseDirectory, "holdfast"))),
        ];
        if (parse.GetValue(print))
        {
            foreach (var (name, text) in units) Terminal.Line($"# {name}\n{text}");
            return Task.FromResult(ExitCode.Ok);
        }

        var below = parse.GetValue(root);
        var folder = Path.Join(Path.GetFullPath(below ?? "/").TrimEnd('/'), SystemdUnits.Folder);
        var written = Write(folder, units);
        if (!written.IsOk) return Task.FromResult(Terminal.Fail(written.Problems));
        foreach (var (name, _) in units) Terminal.Line(Path.Combine(folder, name));
        return Task.FromResult(below is null && Directory.Exists(Running) ? Enable(parse.GetValue(now)) : SayHow(below is not null, parse.GetValue(now)));
    }

    /// <summary>All of them, or none.</summary>
    private static Outcome<Done> Write(string folder, IReadOnlyList<(string Name, string Text)> units)
    {
        var others = units.Select(unit => Path.Combine(folder, unit.Name)).Where(IsSomebodyElses).ToList();
        if (others.Count > 0)
        {
            return others.Select(path => new Problem(ProblemKind.Conflict, "install.not-ours", $"{path} is there and was not written by this command.")
            {
                Mend = "remove or rename it, then install again; changes of your own belong into a drop-in (systemctl edit)",
            }).ToList();
        }

        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Refused, "install.no-folder", $"{folder} cannot be made.") { Why = failure.Message, Mend = "units of the machine are root's: run it as root" };
        }

        var problems = units.SelectMany(unit => DurableFile.Write(Path.Combine(folder, unit.Name), System.Text.Encoding.UTF8.GetBytes(unit.Text), DurableFile.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead).Problems).ToList();
        return problems.Count == 0 ? Outcome.Done : problems;
    }

    private static bool IsSomebodyElses(string path) => File.Exists(path) && File.ReadLines(path).FirstOrDefault() != SystemdUnits.Mark;

    private int Enable(bool start)
    {
        string[][] steps = [["daemon-reload"], start ? ["enable", "--now", SystemdUnits.Supervisor, SystemdUnits.Agent] : ["enable", SystemdUnits.Supervisor, SystemdUnits.Agent]];
        foreach (var step in steps)
        {
            using var systemctl = Process.Start("systemctl", step);
            systemctl.WaitForExit();
            if (systemctl.ExitCode == 0) continue;
            return Terminal.Fail(new Problem(ProblemKind.Failed, "install.systemctl", $"systemctl {string.Join(' ', step)} ended with exit code {systemctl.ExitCode}.")
            {
                Mend = "the units are written; see what it said above, and run it again",
            });
        }

        Terminal.Say(start ? "They run, and start at boot." : "They start at boot. Now: systemctl start holdfast-supervisor holdfast-agent");
        return ExitCode.Ok;
    }

    private int SayHow(bool elsewhere, bool start)
    {
        Terminal.Say(elsewhere
            ? "On that machine: systemctl enable holdfast-supervisor holdfast-agent"
            : "systemd does not run this machine, so nothing is enabled. Where it does: systemctl daemon-reload && systemctl enable --now holdfast-supervisor holdfast-agent");
        return start && !elsewhere ? ExitCode.Conflict : ExitCode.Ok;
    }
}
