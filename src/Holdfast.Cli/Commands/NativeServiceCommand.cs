using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Units;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Pinning;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>A command about services that the machine's service manager starts and stops.</summary>
internal abstract class NativeServiceCommand(CliContext cli, string name, string description) : CliCommand(cli, name, description)
{
    /// <summary>A supervisor that is there answers at once; what hangs is as good as none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected PinnedServices Pinned => new(Cli.Home, Cli.Time);

    protected INativeServices Manager => OperatingSystem.IsWindows() ? new ScmServices(Cli.Home, Cli.Time, Terminal) : new SystemdServices(Cli.Home, Cli.Time);

    protected RecordedAct Record => new(Cli);

    protected static Argument<string> ServiceArgument => new("service") { Description = "The service" };

    /// <summary>Of a service that is pinned here, or that the agent has deployed and somebody has exported.</summary>
    protected Outcome<SupervisorPlace> Registered(string service)
    {
        if (!InstanceNames.IsValid(service)) return BadName(service);
        var place = new SupervisorPlace(Cli.Home, service);
        return UnitMark.Read(place) is not null ? place : new Problem(ProblemKind.NotFound, "service.not-native", $"the service manager has no service {service} of this node")
        {
            Mend = "`holdfast service list` names those that it has; what the agent keeps is in `holdfast ps`",
        };
    }

    /// <summary>How its instance is, by its supervisor's word; null where none answers.</summary>
    protected async Task<InstanceStatus?> AskAsync(string service, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await using var client = new SupervisorClient(new(Cli.Home, service), Cli.Time);
            var listed = await client.ListAsync(patience.Token);
            return listed.TryGet(out var statuses) && statuses.Count > 0 ? statuses[0] : null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>What is pinned at a place; null: its service comes from a package.</summary>
    protected Outcome<PinnedService>? PinnedAt(SupervisorPlace place) => File.Exists(place.Pin) ? Pinned.Find(place.Service!) : null;

    /// <summary>All that there is to show of it.</summary>
    protected async Task<NativeServiceText> LookAsync(string service, PinnedService? pinned, CancellationToken cancel) =>
        new(service, Manager.NameOf(service), Manager.Look(service), await AskAsync(service, cancel), pinned);

    /// <summary>What was changed behind our back; null: nobody was asked, or the service manager does not know the service, which its state says.</summary>
    protected IReadOnlyList<ConfigDifference>? DriftOf(PinnedService? pinned)
    {
        if (pinned is null || Manager.Drift(pinned) is not { } found) return null;
        if (found.TryGet(out var differences)) return differences;
        if (found.Problems[0].Kind != ProblemKind.NotFound) Terminal.Say($"warning: what the service manager has of it cannot be read: {string.Join("; ", found.Problems)}");
        return null;
    }

    /// <summary>One line on how it is now.</summary>
    protected async Task<int> SayAsync(string service, CancellationToken cancel)
    {
        var (native, seen) = (Manager.Look(service), await AskAsync(service, cancel));
        Terminal.Say(seen is null ? $"{service} is {native.State}." : $"{service} is {seen.State.Word()}{(seen.Pid is { } pid ? $", pid {pid}" : "")}: {seen.Reason}");
        return seen is { State: InstanceState.Failed } ? ExitCode.Failed : ExitCode.Ok;
    }
}
