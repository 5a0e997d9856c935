using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Pinning;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>
/// A service's own supervisor, as the agent has it: it starts it where it is needed and the service manager does not, talks to it, and
/// clears up behind it. <paramref name="changed"/> is called when there is something new.
/// </summary>
/// <remarks>
/// A native service's is started by Windows, and may be stopped by an administrator. Its order is in its place before it starts, so that Windows is told
/// Running when the service is ready and not before; only an operation that came after a stop starts it again.
/// </remarks>
/// <param name="units">Windows' services; null: there are none.</param>
internal sealed class DedicatedSupervisor(SupervisorPlace place, string? executable, INativeUnits? units, TimeProvider time, Action changed) : IAsyncDisposable
{
    /// <summary>So long an order waits for a supervisor that is being started; most take a fraction of it.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);

    /// <summary>One that does not stay is not started without end.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource closing = new();
    private readonly Lock gate = new();
    private readonly SupervisorWatch watch = new(place, time, changed);
    private Task<IReadOnlyList<Problem>>? starting;
    private long started;

    public SupervisorClient Client => watch.Client;

    public string Service => place.Service!;

    /// <summary>It has, or may have, an instance: then it must live until that is gone.</summary>
    public bool HasOrders => place.HasOrders;

    /// <summary>Nothing of it runs, and its service is none of the node's any more: what was ordered is nobody's wish.</summary>
    public bool IsLeft(IReadOnlySet<string> known) => !known.Contains(Service) && NativeOrder() is not null && IsStopped && SupervisorLauncher.IsNobodyThere(place, time);

    /// <summary>It has ended in order: none serves.</summary>
    public bool IsStopped => !File.Exists(place.Identity);

    /// <summary>What it keeps; or why that is not known. Starts it where it should be there and is not.</summary>
    public async Task<(IReadOnlyList<InstanceStatus> Instances, SupervisorAbsence? Absence)> ObserveAsync(CancellationToken cancel)
    {
        var listed = await ListAsync(cancel).ConfigureAwait(false);
        if (listed.TryGet(out var statuses)) return (statuses, null);
        // Read once, and before the orders: of one that is ending it is the last to go, and until then it is waited for.
        var identity = SupervisorIdentityFile.Read(place);
        var unit = UnitMark.Read(place);
        // Windows' services end with what they keep: one that is gone has nothing.
        if (!HasOrders && (unit is null || (units is not null && identity is null))) return ([], null);
        if (unit is not null && identity?.BootId != BootClock.BootId) return ([], new(Service, SupervisorProblems.Stopped(Service, unit), unit, NativeOrder() is not null));
        if (listed.Problems[0].Kind != ProblemKind.Unavailable || unit is not null) return ([], new(Service, listed.Problems[0]));
        return ([], new(Service, Start() ?? listed.Problems[0]));
    }

    /// <summary>Is it there, or will it be in a moment?</summary>
    /// <param name="desired">What it is to keep then.</param>
    public async Task<Outcome<Done>> EnsureAsync(DesiredInstance desired, CancellationToken cancel)
    {
        var native = units is not null && desired.Plan.Spec.Windows is { NativeService: true };
        var connected = await Client.ConnectAsync(cancel).ConfigureAwait(false);
        if (connected.IsOk && native) return units!.Register(desired.Plan);
        if (connected.IsOk || connected.Problems[0].Kind != ProblemKind.Unavailable) return connected.Then(_ => Outcome.Done);
        if (native)
        {
            var ordered = Order(desired);
            if (!ordered.IsOk) return ordered;
        }
        else if (UnitMark.Read(place) is { } unit)
        {
            return IsCrashed() ? connected.Then(_ => Outcome.Done) : SupervisorProblems.Stopped(Service, unit);
        }

        if (Start() is { } problem) return problem;
        var under = starting!;
        try
        {
            var problems = await under.WaitAsync(StartPatience, time, cancel).ConfigureAwait(false);
            return problems.Count == 0 ? Outcome.Done : Outcome.Failed<Done>(problems);
        }
        catch (TimeoutException)
        {
            return SupervisorProblems.Starting(Service);
        }
    }

    /// <summary>It has nothing to keep any more: ends it, and once it has ended clears its folder. Its journal stays.</summary>
    /// <returns>True: nothing is left of it but that.</returns>
    public async Task<bool> EndAsync(CancellationToken cancel)
    {
        var listed = await Client.ListAsync(cancel).ConfigureAwait(false);
        if (listed.TryGet(out var statuses))
        {
            if (statuses.Count == 0) await Client.ShutdownAsync(cancel).ConfigureAwait(false);
            return false;
        }

        if (listed.Problems[0].Kind != ProblemKind.Unavailable || (HasOrders && NativeOrder() is null) || !SupervisorLauncher.IsNobodyThere(place, time)) return false;
        if (units?.Remove(Service) is { IsOk: false }) return false;
        NativeAccount.Forget(place);
        foreach (var entry in Directory.EnumerateFileSystemEntries(place.Folder).Where(entry => entry != place.Journal))
        {
            if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
            else File.Delete(entry);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await watch.DisposeAsync().ConfigureAwait(false);
        if (starting is { } under) await ((Task)under).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        closing.Dispose();
    }

    /// <summary>One that hangs is as good as none, and holds up nobody else.</summary>
    private async Task<Outcome<IReadOnlyList<InstanceStatus>>> ListAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(AnswerPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await Client.ListAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Problem(ProblemKind.Unavailable, "supervisor.away", $"the supervisor of {Service} does not answer");
        }
    }

    /// <summary>It did not end by itself: its name is still there, of this boot. Then whoever keeps it starts it again.</summary>
    private bool IsCrashed() => SupervisorIdentityFile.Read(place) is { } identity && identity.BootId == BootClock.BootId;

    /// <summary>Begins to start it, if nobody does yet; what stands in the way, or null.</summary>
    private Problem? Start()
    {
        var native = NativeOrder();
        if (executable is null && native is null) return SupervisorProblems.NoUnit(Service);
        lock (gate)
        {
            if (starting is { IsCompleted: false }) return null;
            if (starting is not null && time.GetElapsedTime(started) < Pause) return starting.IsCompletedSuccessfully && starting.Result is [var last, ..] ? last : null;
            started = time.GetTimestamp();
            starting = native is null ? StartAsync(executable!) : StartNativeAsync(native);
            return null;
        }
    }

    private async Task<IReadOnlyList<Problem>> StartAsync(string program)
    {
        var running = await SupervisorLauncher.EnsureRunningAsync(place, time, closing.Token, program).ConfigureAwait(false);
        if (running.TryGet(out var client)) await client.DisposeAsync().ConfigureAwait(false);
        changed();
        return running.Problems;
    }

    /// <summary>Its order where it is a native service that the agent deploys: of such nothing runs without Windows.</summary>
    private DesiredInstance? NativeOrder() => units is null || File.Exists(place.Pin) ? null : place.Orders().FirstOrDefault(order => order.Plan.Spec.Windows is { NativeService: true });

    /// <summary>Into its place, as long as nobody is there. What an administrator has stopped stays so until somebody wants something newer of it.</summary>
    private Outcome<Done> Order(DesiredInstance desired)
    {
        if (UnitMark.Read(place) is { } unit && !IsCrashed() && NativeOrder() is { Run: RunState.Running } before && before.Incarnation >= desired.Incarnation) return SupervisorProblems.Stopped(Service, unit);
        return place.MakeFolder().Then(_ => FileLock.TryTake(place.Lock, time)).Then(held =>
        {
            using (held) return PinnedServices.Keep(place, desired);
        });
    }

    private async Task<IReadOnlyList<Problem>> StartNativeAsync(DesiredInstance order)
    {
        var begun = units!.Register(order.Plan).Then(_ => order.Run == RunState.Running ? units.Start(Service) : Outcome.Done);
        var began = time.GetTimestamp();
        while (begun.IsOk && order.Run == RunState.Running && !(await Client.ConnectAsync(closing.Token).ConfigureAwait(false)).IsOk)
        {
            if (time.GetElapsedTime(began) > NativeServiceLimits.InHandWithin) return [SupervisorProblems.Starting(Service)];
            await Task.Delay(Look, time, closing.Token).ConfigureAwait(false);
        }

        changed();
        return begun.Problems;
    }
}
