using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Clusters;
using Holdfast.Node.Packages;
using Holdfast.Node.Shipping;
using Holdfast.Node.Sources;
using Holdfast.Node.State;
using Holdfast.Node.Supervisors;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Operations;

/// <summary>
/// Observe, decide, act, record, for all services of the node: one pass at a time, and a pass whenever the store or the
/// supervisor has something new or a deadline is due. Every step may be done again. While no operation is under way the supervisor does by
/// itself what there is to do, and its news are looked at in rounds: a look at a thousand services must not keep a core from a thousand restarts.
/// </summary>
internal sealed class Reconciler(
    ServiceCatalog catalog, WantedReleases wanted, ISupervisor supervisor, ReleaseContents contents, InstanceOrders orders,
    OperationOutcomes outcomes, Housekeeping housekeeping, IShares shares, IPackageSupply supply, WakeUp wakeUp, TimeProvider time, ILogger<Reconciler> log)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Troubles troubles = new(log);
    private readonly EpochEndings endings = new();

    // An agent that died between an operation's end and its collecting leaves that to the next one.
    private bool toCollect = true;

    // No operation was under way when the last pass began.
    private bool settled;

    /// <summary>Reads the files that services write; null: nobody does.</summary>
    public FileKeeper? Files { get; init; }

    /// <summary>Reads the events of services' runtimes; null: nobody does.</summary>
    public EventPipeKeeper? Events { get; init; }

    /// <summary>How the lines of services are to be understood; null: nobody asks.</summary>
    public ServiceForms? Forms { get; init; }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var wait = await PassAsync(cancel);
            if (settled && wait > Rest)
            {
                await wakeUp.RestAsync(Rest, cancel);
                wait -= Rest;
            }

            await wakeUp.WaitAsync(wait, cancel);
        }
    }

    /// <summary>One look at everything; answers how long the next one can wait if nothing happens.</summary>
    public async Task<TimeSpan> PassAsync(CancellationToken cancel)
    {
        settled = false;
        var listed = await catalog.ListAsync(cancel);
        if (!listed.TryGet(out var listing))
            return Trouble("the node", listed.Problems);
        settled = listing.Entries.All(entry => entry.Operation.Value is { IsFinished: true, Recorded: true });
        var seen = await supervisor.ObserveAsync(cancel);
        var read = await wanted.OfAsync(listing.Entries, cancel);
        if (!read.TryGet(out var releases))
            return Trouble("the node", read.Problems);

        troubles.Over("the node");
        var wait = listing.Damaged.Count > 0 ? Trouble("the store", listing.Damaged) : LookAgain;
        wait = Sooner(wait, Miss(seen));
        foreach (var left in listing.Left.Where(left => shares.Drives(left.Value)))
            wait = Sooner(wait, Next("the store", await outcomes.LeaveAsync(left, cancel)));
        var view = new ServiceViews(seen);
        if (listing.Damaged.Count == 0)
        {
            var here = listing.Entries.Select(entry => entry.Service.Value.Instance).ToHashSet(StringComparer.Ordinal);
            Files?.KeepOnly(here);
            Events?.KeepOnly(here);
        }

        foreach (var entry in listing.Entries)
        {
            var moved = await MoveAsync(entry, view, releases[entry.Service.Value.Name], cancel);
            if (moved is not { } next)
                return Retry;
            wait = Sooner(wait, next);
        }

        if (listing.Damaged.Count == 0 && shares.RemovesUnknown)
            wait = Sooner(wait, await RemoveUnknownAsync(seen, listing, cancel));
        if (!await shares.TellAsync(seen.Instances, cancel))
            wait = Sooner(wait, Retry);
        if (listing.Damaged.Count == 0 && !await supervisor.ReleaseAsync(view.Dedicated, listing.Entries.Select(entry => entry.Service.Value.Name).ToHashSet(StringComparer.Ordinal), cancel))
            wait = Sooner(wait, Retry);
        if (toCollect)
            wait = Sooner(wait, await CollectAsync(cancel));
        return wait;
    }

    /// <summary>Supervisors that should be there and are not: what they keep is not known, and nothing is done about it.</summary>
    private TimeSpan Miss(Observation seen)
    {
        var wait = LookAgain;
        var missing = seen.Absent.Where(absence => absence.Unit is null).ToList();
        if (missing.Count > 0)
            wait = Trouble("supervisors", [.. missing.Select(absence => absence.Problem)]);
        else
            troubles.Over("supervisors");
        return wait;
    }

    /// <summary>One service's step. What goes wrong with one, be it a bug, holds up no other; null: the supervisor is away, and so for all.</summary>
    private async Task<TimeSpan?> MoveAsync(ServiceEntry entry, ServiceViews view, Outcome<ReleaseRecord> release, CancellationToken cancel)
    {
        InstanceStatus? seen = null;
        try
        {
            var spec = release.Then(contents.Spec);
            if (spec.TryGet(out var known) && release.TryGet(out var wantedRelease))
            {
                var followed = FollowedService.Of(entry.Service.Value, wantedRelease, known);
                Files?.Want(followed);
                Events?.Want(followed);
                Forms?.Take(followed.Service, known.Output.Format);
            }

            var missing = view.Look(entry.Service.Value, spec, out seen);
            var gone = missing is null || (missing.IsNative && entry.Operation.Value is { IsFinished: false, Action: not OperationAction.Stop });
            return gone ? await StepAsync(entry, seen, release, spec, cancel) : await UnseenAsync(entry, missing!, cancel);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            Log.Bug(log, entry.Service.Value.Name, bug);
            return await ObstructAsync(entry, seen, release, [OperationProblems.Bug(entry.Service.Value.Name, bug)], cancel);
        }
    }

    /// <summary>
    /// Nobody knows whether the instance is there: nothing is done that could make a second one. Where the service manager has stopped it,
    /// that is what a stop wants, and whatever wants it to run must be told.
    /// </summary>
    private async Task<TimeSpan> UnseenAsync(ServiceEntry entry, SupervisorAbsence missing, CancellationToken cancel)
    {
        var (service, operation) = (entry.Service.Value, entry.Operation.Value);
        if (missing.Unit is null || !shares.Drives(operation))
            return Retry;
        if (operation.IsFinished)
            return operation.Recorded ? LookAgain : Next(service.Name, await outcomes.ConcludeAsync(entry, cancel));
        var step = operation.Action == OperationAction.Stop
            ? OperationMachine.Next(operation, service, null, TimeSpan.Zero, time.GetUtcNow())
            : OperationMachine.Obstructed(operation, service, null, missing.Problem.ToString(), time.GetUtcNow());
        return Next(service.Name, await outcomes.SaveAsync(entry, step, cancel));
    }

    private async Task<TimeSpan?> StepAsync(ServiceEntry entry, InstanceStatus? seen, Outcome<ReleaseRecord> release, Outcome<ServiceSpec> spec, CancellationToken cancel)
    {
        var (service, operation) = (entry.Service.Value, entry.Operation.Value);
        var share = shares.Of(entry, seen);
        if (share.Here || share.StandsBy)
        {
            if (supply.Look(service, release, share) is { } coming)
            {
                // An operation whose package does not come fails at its time.
                var moved = share.Drives ? await DriveAsync(entry, share, release, spec, cancel) : null;
                return moved ?? coming;
            }

            if (!spec.IsOk && release.IsOk) spec = release.Then(contents.Spec);
        }
        else
        {
            supply.NotHere(service);
        }

        if (share.Drives && !spec.IsOk && share.Here && !operation.IsFinished && !service.Removing && service.Run == RunState.Running)
            return await ObstructAsync(entry, seen, release, spec.Problems, cancel);
        if (share.Drives && await DriveAsync(entry, share, release, spec, cancel) is { } next)
            return next;
        if (endings.Look(service, seen, share) is { } over)
        {
            shares.Ended(service.Name, over.Epoch, over.Why);
            return TimeSpan.Zero;
        }

        var given = await orders.GiveAsync(service, seen, share, release, spec, cancel);
        if (given.IsOk)
        {
            troubles.Over(service.Name);
            if (endings.Ordered(service, share)) return TimeSpan.Zero;
            return operation.ReadyBy is { } readyBy ? Until(readyBy) : LookAgain;
        }

        if (given.Problems[0].Kind != ProblemKind.Unavailable)
            return await ObstructAsync(entry, seen, release, given.Problems, cancel);
        var wait = Trouble(service.Name, given.Problems);
        // Away: the shared one is so for all, a service's own for nobody else.
        return spec.IsOk && spec.Value.Supervisor == SupervisorKind.Dedicated ? wait : null;
    }

    /// <summary>Brings the operation a step on; null: there is nothing to write down.</summary>
    private async Task<TimeSpan?> DriveAsync(ServiceEntry entry, ServiceShare share, Outcome<ReleaseRecord> release, Outcome<ServiceSpec> spec, CancellationToken cancel)
    {
        var (service, operation) = (entry.Service.Value, entry.Operation.Value);
        var deadline = spec.IsOk ? spec.Value.ReadyDeadline + Promotion.Within(spec.Value) : release.IsOk ? release.Value.ReadyWithin : TimeSpan.Zero;
        var step = NotTakenUp(service, operation, share) is { } why
            ? OperationMachine.Obstructed(operation, service, share.Sight, why, time.GetUtcNow())
            : OperationMachine.Next(operation, service, share.Sight, deadline, time.GetUtcNow());

        // What was decided is on disk before anything is done about it.
        if (step.Operation != operation || step.Service != service)
            return Next(service.Name, await outcomes.SaveAsync(entry, step, cancel));
        if (operation is not { IsFinished: true, Recorded: false }) return null;
        toCollect = true;
        return Next(service.Name, await outcomes.ConcludeAsync(entry, cancel));
    }

    /// <summary>Why it is not waited for any longer that a node takes up what is wanted; null: it is.</summary>
    private string? NotTakenUp(ServiceRecord service, Operation operation, ServiceShare share) =>
        share.TakenUpWithin is { } within && operation is { IsFinished: false, ReadyBy: null, Phase: OperationPhase.Applying, Action: not (OperationAction.Stop or OperationAction.Remove) }
        && (share.Sight is null || !OperationMachine.Matches(service, share.Sight)) && time.GetUtcNow() - operation.StartedAt > within
            ? $"no node has taken it up within {within.TotalSeconds:0} s (`holdfast leader {service.Name}` and `holdfast nodes` say why each does not)"
            : null;

    /// <summary>Of a service that was removed while this node was away.</summary>
    private async Task<TimeSpan> RemoveUnknownAsync(Observation seen, ServiceListing listing, CancellationToken cancel)
    {
        var known = listing.Entries.Select(entry => entry.Service.Value.Instance).ToHashSet(StringComparer.Ordinal);
        var wait = LookAgain;
        foreach (var status in seen.Instances.Where(status => status.Supervisor is null && !known.Contains(status.Instance) && status.Instance != EtcdMember.Instance))
        {
            var removed = await supervisor.RemoveAsync(status.Instance, cancel);
            if (!removed.IsOk) wait = Sooner(wait, Trouble(status.Service, removed.Problems));
        }

        return wait;
    }

    /// <summary>What is wanted cannot be had. An operation in progress ends by it; without one it is tried again.</summary>
    private async Task<TimeSpan> ObstructAsync(ServiceEntry entry, InstanceStatus? seen, Outcome<ReleaseRecord> release, IReadOnlyList<Problem> problems, CancellationToken cancel)
    {
        var (service, operation) = (entry.Service.Value, entry.Operation.Value);
        var wait = Trouble(service.Name, problems);
        if (!shares.Drives(operation))
        {
            supply.Obstructed(service, release, problems[0]);
            return wait;
        }

        var step = OperationMachine.Obstructed(operation, service, seen, problems[0].What, time.GetUtcNow());
        return step.Operation == operation ? wait : Next(service.Name, await outcomes.SaveAsync(entry, step, cancel));
    }

    private async Task<TimeSpan> CollectAsync(CancellationToken cancel)
    {
        var collected = await housekeeping.CollectAsync(cancel);
        if (!collected.IsOk)
            return Trouble("the package store", collected.Problems);
        toCollect = false;
        troubles.Over("the package store");
        return LookAgain;
    }

    /// <summary>After a commit, made or overtaken: look again at once.</summary>
    private TimeSpan Next(string what, Outcome<bool> committed) => committed.IsOk ? TimeSpan.Zero : Trouble(what, committed.Problems);

    private TimeSpan Trouble(string what, IReadOnlyList<Problem> problems)
    {
        troubles.Tell(what, problems);
        return Retry;
    }

    private TimeSpan Until(DateTimeOffset due) => due - time.GetUtcNow();

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
