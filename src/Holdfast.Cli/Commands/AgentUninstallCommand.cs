using System.CommandLine;
using System.Runtime.Versioning;
using Holdfast.Cli.Api;
using Holdfast.Cli.Units;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>Takes away what <c>agent install</c> wrote: stops and disables the units, which stops the services, and removes them. The home stays.</summary>
internal sealed class AgentUninstallCommand : CliCommand
{
    private static readonly string[] Units = [SystemdUnits.Handover, SystemdUnits.Agent, SystemdUnits.Supervisor];

    private readonly Option<string?> root = new("--root") { Description = "Below this folder instead of /: from the image of another machine", HelpName = "DIR" };

    public AgentUninstallCommand(CliContext cli)
        : base(cli, "uninstall", "Stop agent and supervisor, and remove their units or services; the home stays") => Options.Add(root);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows()) return await OnWindowsAsync(cancel);
        var below = parse.GetValue(root);
        var files = new UnitFiles(below ?? "/");
        var here = below is null && Systemctl.IsThere;
        var found = files.Find(Units);
        if (!found.TryGet(out var there)) return Terminal.Fail(found.Problems);
        if (there.Count == 0)
        {
            Terminal.Say($"No unit of ours is in {files.Folder}.");
            return ExitCode.Ok;
        }

        Task<Outcome<Done>> Remove() => Task.FromResult((here ? Systemctl.Run([["disable", "--now", .. there]]) : Outcome.Done)
            .Then(_ => files.Remove(there))
            .Then(_ => here ? Systemctl.Run([["daemon-reload"]]) : Outcome.Done));
        var gone = below is null ? await new RecordedAct(Cli).RunAsync("agent.uninstall", Environment.MachineName, new Dictionary<string, string>(), Remove, cancel) : await Remove();
        if (!gone.IsOk) return Terminal.Fail(gone.Problems);
        foreach (var unit in there) Terminal.Line(files.PathOf(unit));
        Terminal.Say($"They are removed; all data stays in {Cli.Home.Path}.");
        foreach (var service in files.Exported(Cli.Home)) Terminal.Say($"{service} is a unit of its own and stays; to take it away: holdfast service unexport {service}");
        return ExitCode.Ok;
    }

    [SupportedOSPlatform("windows")]
    private async Task<int> OnWindowsAsync(CancellationToken cancel)
    {
        var node = new WindowsNode(Cli.Home, Cli.Time);
        var there = node.There();
        if (there.Count == 0)
        {
            Terminal.Say("Windows has no service of ours for agent and supervisor.");
            return ExitCode.Ok;
        }

        var gone = await new RecordedAct(Cli).RunAsync("agent.uninstall", Environment.MachineName, new Dictionary<string, string>(), () => Task.FromResult(node.Remove()), cancel);
        if (!gone.IsOk) return Terminal.Fail(gone.Problems);
        foreach (var name in there) Terminal.Line(name);
        Terminal.Say($"They are removed; all data stays in {Cli.Home.Path}.");
        return ExitCode.Ok;
    }
}
