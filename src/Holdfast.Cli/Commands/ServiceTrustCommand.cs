using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>Pins a service's program anew, as it lies there now: what was changed was changed on purpose.</summary>
internal sealed class ServiceTrustCommand : NativeServiceCommand
{
    private readonly Argument<string> service = ServiceArgument;

    public ServiceTrustCommand(CliContext cli)
        : base(cli, "trust", "Pin an installed service's program anew, as it is now; where it runs, it changes over") => Arguments.Add(service);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var name = parse.GetRequiredValue(service);
        if (!InstanceNames.IsValid(name)) return Terminal.Fail(BadName(name));
        var found = Pinned.Find(name);
        if (!found.TryGet(out var before)) return Terminal.Fail(found.Problems);
        var by = AccountDirectory.Current().Name;
        var details = new Dictionary<string, string> { ["executable"] = before.Pin.Executable };
        var renewed = await Record.RunAsync("service.trust", name, details, () => Pinned.RenewAsync(name, by, null, null, cancel), cancel);
        if (!renewed.TryGet(out var now)) return Terminal.Fail(renewed.Problems);
        Terminal.Say($"{name} is pinned as it is now, release {now.Pin.Release}.");
        return ExitCode.Ok;
    }
}
