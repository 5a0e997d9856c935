using Holdfast.Core.Health;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Node.Supervisors;

namespace Holdfast.Node.Tests.Operations;

/// <summary>A supervisor without processes: what is applied becomes at once what the test says. It outlives agents, as the real one does.</summary>
internal sealed class FakeSupervisor : ISupervisor
{
    private static readonly Problem Gone = new(ProblemKind.Unavailable, "supervisor.away", "no supervisor answers");
    private readonly SortedDictionary<string, DesiredInstance> desired = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>What becomes of an instance that is wanted to run.</summary>
    public Func<DesiredInstance, InstanceState> Becomes { get; set; } = _ => InstanceState.Running;

    /// <summary>How what it says of an instance is changed.</summary>
    public Func<InstanceStatus, InstanceStatus> Shows { get; set; } = status => status;

    /// <summary>Called with each new deadline of the node's lease.</summary>
    public Action<TimeSpan> Extended { get; set; } = _ => { };

    /// <summary>Called with why nothing new is let in.</summary>
    public Action<string> HeldBack { get; set; } = _ => { };

    /// <summary>The watchdog that was wanted with the last extension; null: none was.</summary>
    public WatchdogOrder? Watchdog { get; private set; }

    /// <summary>Why it cannot arm one; null: it can.</summary>
    public string? WhyNoWatchdog { get; set; }

    /// <summary>A service that takes its time to stop.</summary>
    public bool StopsSlowly { get; set; }

    public bool Away { get; set; }

    /// <summary>Why it takes nothing that is applied; null: it does.</summary>
    public Problem? Refuses { get; set; }

    /// <summary>Instances that were given to one supervisor while another still had them.</summary>
    public List<string> Twice { get; } = [];

    /// <summary>Every apply and remove that took effect, in order.</summary>
    public List<string> Calls { get; } = [];

    public DesiredInstance Of(string instance)
    {
        lock (gate)
            return desired[instance];
    }

    public void Forget()
    {
        lock (gate)
            desired.Clear();
    }

    public Task<Outcome<Done>> ApplyAsync(DesiredInstance wanted, CancellationToken cancel)
    {
        lock (gate)
        {
            if (Away)
                return Task.FromResult<Outcome<Done>>(Gone);
            if (Refuses is { } problem)
                return Task.FromResult<Outcome<Done>>(problem);
            if (desired.TryGetValue(wanted.Plan.Instance, out var before) && before.Plan.Spec.Supervisor != wanted.Plan.Spec.Supervisor)
                Twice.Add(wanted.Plan.Instance);
            Calls.Add($"apply {wanted.Plan.Instance} {wanted.Plan.Release} {wanted.Run}");
            desired[wanted.Plan.Instance] = wanted;
            return Task.FromResult(Outcome.Done);
        }
    }

    public Task<Outcome<Done>> RemoveAsync(string instance, CancellationToken cancel)
    {
        lock (gate)
        {
            if (Away)
                return Task.FromResult<Outcome<Done>>(Gone);
            if (StopsSlowly)
            {
                desired[instance] = desired[instance] with { Run = RunState.Stopped };
                return Task.FromResult(Outcome.Done);
            }

            Calls.Add($"remove {instance}");
            desired.Remove(instance);
            return Task.FromResult(Outcome.Done);
        }
    }

    public Task<Outcome<Done>> SignalAsync(string instance, string signal, CancellationToken cancel) => Task.FromResult(Outcome.Done);

    public Task<Outcome<Done>> ReloadAsync(string instance, CancellationToken cancel) => Task.FromResult(Outcome.Done);

    public Task<Outcome<IServiceInput>> AttachAsync(string instance, CancellationToken cancel) => Task.FromResult<Outcome<IServiceInput>>(InputProblems.Closed(instance));

    public Task<Outcome<Done>> ExtendAsync(long lease, TimeSpan softAt, TimeSpan hardAt, WatchdogOrder? watchdog, CancellationToken cancel)
    {
        Watchdog = watchdog;
        Extended(hardAt);
        return Task.FromResult(Outcome.Done);
    }

    public Task<Outcome<Done>> HoldBackAsync(long lease, string why, CancellationToken cancel)
    {
        HeldBack(why);
        return Task.FromResult(Outcome.Done);
    }

    public Task<Outcome<Done>> FenceAsync(long lease, string why, CancellationToken cancel) => Task.FromResult(Outcome.Done);

    public Task<Outcome<SupervisorLeases>> LeasesAsync(CancellationToken cancel) => Task.FromResult<Outcome<SupervisorLeases>>(new SupervisorLeases([], TimeSpan.Zero)
    {
        Watchdog = Watchdog is { } wanted ? new(wanted.Device, wanted.Seconds, Armed: false, WhyNoWatchdog) : null,
    });

    public Task<Outcome<IReadOnlyList<InstanceStatus>>> ListAsync(CancellationToken cancel)
    {
        lock (gate)
            return Task.FromResult(Away ? Gone : Outcome.Of<IReadOnlyList<InstanceStatus>>([.. desired.Values.Select(Status).Select(Shows)]));
    }

    public Task<long> WaitForChangeAsync(long sequence, CancellationToken cancel) => Task.FromException<long>(new NotSupportedException());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private InstanceStatus Status(DesiredInstance wanted)
    {
        var state = wanted.Run == RunState.Running ? Becomes(wanted) : StopsSlowly ? InstanceState.Stopping : InstanceState.Stopped;
        return new()
        {
            Instance = wanted.Plan.Instance,
            Service = wanted.Plan.Service,
            Supervisor = wanted.Plan.Spec.Supervisor == SupervisorKind.Dedicated ? wanted.Plan.Service : null,
            Release = wanted.Plan.Release,
            PackageDigest = wanted.Plan.PackageDigest,
            Incarnation = wanted.Incarnation,
            Epoch = wanted.Plan.Epoch,
            Lease = wanted.Plan.Lease,
            Wanted = wanted.Run,
            State = state,
            Ready = state == InstanceState.Running,
            Health = HealthState.Unknown,
            Reason = state == InstanceState.Failed ? "exit code 3" : "so it is",
            Since = DateTimeOffset.UnixEpoch,
        };
    }
}
