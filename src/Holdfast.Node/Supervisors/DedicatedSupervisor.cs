using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>
/// A service's own supervisor, as the agent has it: it starts it where it is needed and the service manager does not, talks to it, and
/// clears up behind it. <paramref name="changed"/> is called when there is something new.
/// </summary>
internal sealed class DedicatedSupervisor(SupervisorPlace place, string? executable, TimeProvider time, Action changed) : IAsyncDisposable
{
    /// <summary>So long an order waits for a supervisor that is being started; most take a fraction of it.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);

    /// <summary>One that does not stay is not started without end.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource closing = new();
    private readonly Lock gate = new();
    private readonly SupervisorWatch watch = new(place, time, changed);
    private Task<IReadOnlyList<Problem>>? starting;
    private long started;

    public SupervisorClient Client => watch.Client;

    public string Service => place.Service!;

    /// <summary>It has, or may have, an instance: then it must live until that is gone.</summary>
    public bool HasOrders => place.HasOrders;

    /// <summary>It has ended in order: none serves.</summary>
    public bool IsStopped => !File.Exists(place.Identity);

    /// <summary>What it keeps; or why that is not known. Starts it where it should be there and is not.</summary>
    public async Task<(IReadOnlyList<InstanceStatus> Instances, SupervisorAbsence? Absence)> ObserveAsync(CancellationToken cancel)
    {
        var listed = await ListAsync(cancel).ConfigureAwait(false);
        if (listed.TryGet(out var statuses)) return (statuses, null);
        var unit = UnitMark.Read(place);
        if (unit is null && !HasOrders) return ([], null);
        if (unit is not null && !IsCrashed()) return ([], new(Service, SupervisorProblems.Stopped(Service, unit), unit));
        if (listed.Problems[0].Kind != ProblemKind.Unavailable || unit is not null) return ([], new(Service, listed.Problems[0]));
        return ([], new(Service, Start() ?? listed.Problems[0]));
    }

    /// <summary>Is it there, or will it be in a moment?</summary>
    public async Task<Outcome<Done>> EnsureAsync(CancellationToken cancel)
    {
        var connected = await Client.ConnectAsync(cancel).ConfigureAwait(false);
        if (connected.IsOk || connected.Problems[0].Kind != ProblemKind.Unavailable) return connected.Then(_ => Outcome.Done);
        if (UnitMark.Read(place) is { } unit) return IsCrashed() ? connected.Then(_ => Outcome.Done) : SupervisorProblems.Stopped(Service, unit);
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

        if (listed.Problems[0].Kind != ProblemKind.Unavailable || HasOrders || !SupervisorLauncher.IsNobodyThere(place, time)) return false;
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
        if (executable is null) return SupervisorProblems.NoUnit(Service);
        lock (gate)
        {
            if (starting is { IsCompleted: false }) return null;
            if (starting is not null && time.GetElapsedTime(started) < Pause) return starting.IsCompletedSuccessfully && starting.Result is [var last, ..] ? last : null;
            started = time.GetTimestamp();
            starting = StartAsync(executable);
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
}
