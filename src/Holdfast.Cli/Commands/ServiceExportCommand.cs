using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Units;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Pinning;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

/// <summary>
/// Makes a service a unit of the service manager: its own supervisor is what that starts, stops and watches. Of one that is installed,
/// prints its definition.
/// </summary>
internal sealed class ServiceExportCommand : CliCommand
{
    /// <summary>The unit gives a stop as long.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Argument<string> service = new("service") { Description = "The service" };
    private readonly Option<bool> systemd = new("--systemd") { Description = "Make it a systemd unit" };
    private readonly Option<string?> output = new("--output", "-o") { Description = "The file to write the definition into (default: stdout)", HelpName = "FILE" };
    private readonly Option<string?> root = new("--root") { Description = "Below this folder instead of /: for the image of another machine", HelpName = "DIR" };
    private readonly Option<bool> print = new("--print") { Description = "Only print it" };
    private readonly Option<bool> now = new("--now") { Description = "Change over now: the service is stopped by its own rules, and started by systemd" };

    public ServiceExportCommand(CliContext cli)
        : base(cli, "export", "Print the definition of an installed service, for `service import`; or make a service with a supervisor of its own a systemd unit")
    {
        Arguments.Add(service);
        foreach (var option in new Option[] { output, systemd, root, print, now }) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var name = parse.GetRequiredValue(service);
        if (!InstanceNames.IsValid(name)) return Terminal.Fail(BadName(name));
        if (!parse.GetValue(systemd)) return await DefineAsync(name, parse.GetValue(output), cancel);
        var (unit, below) = (SystemdUnits.NameOf(name), parse.GetValue(root));
        var text = SystemdUnits.ForService(Cli.Home, SupervisorLauncher.DefaultExecutable, name);
        if (parse.GetValue(print))
        {
            Terminal.Line($"# {unit}\n{text}");
            return ExitCode.Ok;
        }

        var here = below is null;
        if (here && !Systemctl.IsThere) return Terminal.Fail(Systemctl.Missing);
        if (here && await IsSharedAsync(name, cancel))
            Terminal.Say($"The node's supervisor keeps {name} until a release with `supervisor: dedicated` is deployed.");
        var files = new UnitFiles(below ?? "/");
        if (!here)
        {
            // On another machine the first start of the unit marks the place.
            var left = files.Write([(unit, text)]);
            if (!left.IsOk) return Terminal.Fail(left.Problems);
            Terminal.Line(files.PathOf(unit));
            Terminal.Say($"On that machine: systemctl enable {unit}");
            return ExitCode.Ok;
        }

        var details = new Dictionary<string, string> { ["unit"] = unit };
        var done = await new RecordedAct(Cli).RunAsync("service.export", name, details, () => ExportAsync(files, name, unit, text, parse.GetValue(now), cancel), cancel);
        return done.IsOk ? ExitCode.Ok : Terminal.Fail(done.Problems);
    }

    private async Task<int> DefineAsync(string name, string? file, CancellationToken cancel)
    {
        var place = new SupervisorPlace(Cli.Home, name);
        if (!File.Exists(place.Pin))
        {
            return Terminal.Fail(new Problem(ProblemKind.NotFound, "service.no-definition", $"no service {name} is installed here")
            {
                Mend = "`holdfast service list` names those that are; what comes from a package has its spec there, and becomes a unit with --systemd",
            });
        }

        var found = new PinnedServices(Cli.Home, Cli.Time).Find(name);
        if (!found.TryGet(out var pinned)) return Terminal.Fail(found.Problems);
        var text = DefinitionWriter.ToYaml(pinned.Definition);
        if (file is null)
        {
            Terminal.Out.Write(text);
            return ExitCode.Ok;
        }

        try
        {
            await File.WriteAllTextAsync(Cli.PathOf(file), text, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Terminal.Fail(new Problem(ProblemKind.Failed, "service.export", $"{file} cannot be written") { Why = failure.Message });
        }

        Terminal.Say($"{file} is written. Where it is to be installed: holdfast service import {file}");
        return ExitCode.Ok;
    }

    private async Task<Outcome<Done>> ExportAsync(UnitFiles files, string name, string unit, string text, bool changeOver, CancellationToken cancel)
    {
        var written = files.Write([(unit, text)]).Then(_ => UnitMark.Write(new(Cli.Home, name), unit));
        if (!written.IsOk) return written;
        Terminal.Line(files.PathOf(unit));
        var enabled = Systemctl.Run(["daemon-reload"], ["enable", unit]);
        if (!enabled.IsOk) return enabled;
        return changeOver ? await ChangeOverAsync(name, unit, cancel) : SayLater(unit);
    }

    private Outcome<Done> SayLater(string unit)
    {
        Terminal.Say(Systemctl.IsActive(unit)
            ? "It runs as that unit already; it takes up a changed one at its next start."
            : $"It starts at boot. What runs of it now runs on under its present supervisor; to change over: --now");
        return Outcome.Done;
    }

    /// <summary>From here on the agent starts no supervisor for it: the mark is there.</summary>
    private async Task<Outcome<Done>> ChangeOverAsync(string name, string unit, CancellationToken cancel)
    {
        var place = new SupervisorPlace(Cli.Home, name);
        if (!Systemctl.IsActive(unit))
        {
            await using var client = new SupervisorClient(place, Cli.Time);
            var asked = await client.ShutdownAsync(cancel);
            if (!asked.IsOk && asked.Problems[0].Kind != ProblemKind.Unavailable) return asked;
            if (asked.IsOk) Terminal.Say($"{name} is being stopped, and systemd starts it then.");
            for (var began = Cli.Time.GetTimestamp(); !SupervisorLauncher.IsNobodyThere(place, Cli.Time); await Task.Delay(Pause, Cli.Time, cancel))
            {
                if (Cli.Time.GetElapsedTime(began) > StopPatience) return NotStopped(name, place);
            }
        }

        var started = Systemctl.Run(["start", unit]);
        if (started.IsOk) Terminal.Say($"{name} is the unit {unit} now.");
        return started;
    }

    private async Task<bool> IsSharedAsync(string name, CancellationToken cancel)
    {
        using var api = ApiSession.OpenLocal(Cli.Home, Cli.Time);
        var listed = await api.Services.ListInstancesAsync(new ListInstancesRequest { Service = name }, ApiSession.Short(cancel));
        return listed.Instances.All(instance => instance.Supervisor == "shared");
    }

    private static Problem NotStopped(string name, SupervisorPlace place) => new(ProblemKind.Failed, "service.not-stopped", $"{name} has not stopped within {StopPatience.TotalMinutes:0} min.")
    {
        Mend = $"see {place.Log}; when it has, systemctl start {SystemdUnits.NameOf(name)}",
    };
}
