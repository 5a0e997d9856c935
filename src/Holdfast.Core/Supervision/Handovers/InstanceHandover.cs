using Holdfast.Core.Health;

namespace Holdfast.Core.Supervision.Handovers;

/// <summary>One instance as it is handed over: its machine's state, and what runs of it.</summary>
public sealed record InstanceHandover
{
    public required DesiredInstance Desired { get; init; }

    /// <summary>As <see cref="Instance.Active"/>; left out where <see cref="ActiveIsDesired"/> says it all.</summary>
    public DesiredInstance? Active { get; init; }

    public bool ActiveIsDesired { get; init; }

    public required Phase Phase { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset Since { get; init; }

    public long Run { get; init; }

    public MainProcess? Process { get; init; }

    public required HealthRecord Health { get; init; }

    public required RestartLedger Ledger { get; init; }

    public ExitInfo? LastExit { get; init; }

    public string? StatusText { get; init; }

    public bool Leaving { get; init; }

    public long? Reloading { get; init; }

    public long? PauseAsked { get; init; }

    public TimeSpan Extended { get; init; }

    public TreeHandover Tree { get; init; } = new();

    public OutputHandover Output { get; init; } = new();

    public LaunchHandover Launch { get; init; } = new();

    /// <summary>Null: its process has no standard input, or none that is open still.</summary>
    public InputHandover? Input { get; init; }

    internal string Name => Desired.Plan.Instance;

    internal IEnumerable<int> Descriptors
    {
        get
        {
            if (Launch.NotifySocket is { } notify) yield return notify;
            if (Input is { } input) yield return input.Descriptor;
            foreach (var stream in Output.Streams) yield return stream.Descriptor;
        }
    }

    public static InstanceHandover Of(Instance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var same = ReferenceEquals(instance.Active, instance.Desired);
        return new()
        {
            Desired = instance.Desired,
            Active = same ? null : instance.Active,
            ActiveIsDesired = same,
            Phase = instance.Phase,
            Reason = instance.Reason,
            Since = instance.Since,
            Run = instance.Run,
            Process = instance.Process,
            Health = instance.Health,
            Ledger = instance.Ledger,
            LastExit = instance.LastExit,
            StatusText = instance.StatusText,
            Leaving = instance.Leaving,
            Reloading = instance.Reloading,
            PauseAsked = instance.PauseAsked,
            Extended = instance.Extended,
        };
    }

    /// <summary>The instance as the next image goes on with it.</summary>
    public Instance Restore(Moment now)
    {
        var instance = new Instance
        {
            Desired = Desired,
            Active = ActiveIsDesired ? Desired : Active,
            Phase = Phase,
            Reason = Reason,
            Since = Since,
            Run = Run,
            Process = Process,
            Health = Health,
            Ledger = Ledger,
            LastExit = LastExit,
            StatusText = StatusText,
            Leaving = Leaving,
            Reloading = Reloading,
            PauseAsked = PauseAsked,
            Extended = Extended,
        };
        return instance with { Health = AskAgain(Health, now.Clock) };
    }

    /// <summary>A probe over a socket was in the middle of its question: it is asked again. One that is a process runs on, and answers.</summary>
    private HealthRecord AskAgain(HealthRecord health, TimeSpan now)
    {
        foreach (var name in new[] { ProbeName.Startup, ProbeName.Liveness, ProbeName.Readiness })
        {
            if (health[name] is not { Asked: true } probe || Tree.Sides.Any(side => side.Kind == SideKind.Of(name))) continue;
            health = health.With(name, probe with { Asked = false, Void = false, Due = now });
        }

        return health;
    }
}
