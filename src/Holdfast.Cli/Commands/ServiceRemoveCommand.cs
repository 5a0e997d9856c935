using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>Takes an installed service away: stopped by its own rules, forgotten by the service manager and by us.</summary>
internal sealed class ServiceRemoveCommand : NativeServiceCommand
{
    private readonly Argument<string> service = ServiceArgument;
    private readonly Option<bool> purge = new("--purge") { Description = "Its data and captured output too" };

    public ServiceRemoveCommand(CliContext cli)
        : base(cli, "remove", "Stop an installed service and remove it; its program is not touched")
    {
        Arguments.Add(service);
        Options.Add(purge);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var name = parse.GetRequiredValue(service);
        if (!InstanceNames.IsValid(name)) return Terminal.Fail(BadName(name));
        if (!File.Exists(Pinned.PlaceOf(name).Pin)) return Terminal.Fail(NotInstalled(name));
        var usable = Manager.Check();
        if (!usable.IsOk) return Terminal.Fail(usable.Problems);
        var all = parse.GetValue(purge);
        var details = new Dictionary<string, string> { ["purge"] = all ? "true" : "false" };
        var removed = await Record.RunAsync("service.remove", name, details, () => Task.FromResult(Manager.Unregister(name).Then(_ => Pinned.Remove(name, all))), cancel);
        if (!removed.IsOk) return Terminal.Fail(removed.Problems);
        Terminal.Say(all ? $"{name} is gone, with its data and output." : $"{name} is gone; its data and output stay in {Cli.Home.Path}.");
        return ExitCode.Ok;
    }

    private Problem NotInstalled(string name) => UnitMark.Read(Pinned.PlaceOf(name)) is null
        ? new(ProblemKind.NotFound, "pin.no-service", $"no service {name} is installed here") { Mend = "`holdfast service list` names those that are" }
        : new(ProblemKind.Conflict, "service.deployed", $"{name} comes from a package") { Mend = $"holdfast service unexport {name}, then holdfast remove {name}" };
}
