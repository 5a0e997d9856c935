using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Units;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

/// <summary>Takes a service back from the service manager: its unit is stopped and removed, and the agent starts its supervisor.</summary>
internal sealed class ServiceUnexportCommand : CliCommand
{
    private readonly Argument<string> service = new("service") { Description = "The service" };
    private readonly Option<string?> root = new("--root") { Description = "Below this folder instead of /: from the image of another machine", HelpName = "DIR" };

    public ServiceUnexportCommand(CliContext cli)
        : base(cli, "unexport", "Take a service back from the service manager: its unit is stopped and removed")
    {
        Arguments.Add(service);
        Options.Add(root);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var name = parse.GetRequiredValue(service);
        if (!InstanceNames.IsValid(name)) return Terminal.Fail(BadName(name));
        var (unit, below) = (SystemdUnits.NameOf(name), parse.GetValue(root));
        var files = new UnitFiles(below ?? "/");
        var here = below is null && Systemctl.IsThere;
        var found = files.Find([unit]);
        if (!found.TryGet(out var there)) return Terminal.Fail(found.Problems);
        var place = new SupervisorPlace(Cli.Home, name);
        if (below is null && File.Exists(place.Pin)) return Terminal.Fail(Pinned(name));
        Task<Outcome<Done>> Remove() => Task.FromResult((here ? new SystemdServices(Cli.Home, Cli.Time).Unregister(name) : files.Remove(there))
            .Then(_ => below is null ? UnitMark.Remove(place) : Outcome.Done));
        var gone = below is null ? await new RecordedAct(Cli).RunAsync("service.unexport", name, new Dictionary<string, string> { ["unit"] = unit }, Remove, cancel) : await Remove();
        if (!gone.IsOk) return Terminal.Fail(gone.Problems);
        foreach (var one in there) Terminal.Line(files.PathOf(one));
        Terminal.Say($"{name} is no unit any more.");
        if (below is null) await LookAsync(name, cancel);
        return ExitCode.Ok;
    }

    /// <summary>The agent looks for itself now and then; asked, it looks at once.</summary>
    private async Task LookAsync(string name, CancellationToken cancel)
    {
        try
        {
            using var api = ApiSession.OpenLocal(Cli.Home, Cli.Time);
            await api.Services.ListInstancesAsync(new ListInstancesRequest { Service = name }, ApiSession.Short(cancel));
        }
        catch (RpcException failure)
        {
            Terminal.Say($"The agent does not say how it is: {failure.Message}");
        }
    }

    private static Problem Pinned(string name) => new(ProblemKind.Conflict, "service.pinned", $"{name} is in no package: without the service manager nobody keeps it.")
    {
        Mend = $"to take it away: holdfast service remove {name}",
    };
}
