using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Platform;
using Holdfast.Supervisor.Fencing;
using Holdfast.Supervisor.Launching;
using Holdfast.Supervisor.Output;
using Holdfast.Supervisor.Probing;
using Holdfast.Supervisor.State;

namespace Holdfast.Supervisor.Loop;

/// <summary>What a keeper may use of the world. Everything here is for the loop's thread, but <see cref="Post"/>.</summary>
internal sealed class World
{
    public required SupervisorPlace Place { get; init; }

    public required IProcessHost Host { get; init; }

    public required TimeProvider Clock { get; init; }

    public required string BootId { get; init; }

    public required StartGate Gate { get; init; }

    public required SecretFiles Secrets { get; init; }

    public required IOutput Output { get; init; }

    public required Prober Prober { get; init; }

    public required InstanceStore Store { get; init; }

    public required EventJournal Journal { get; init; }

    public required Inbox Inbox { get; init; }

    public required Log Log { get; init; }

    /// <summary>Keeps deadlines where the loop cannot.</summary>
    public required DeadlineWatch Deadlines { get; init; }

    /// <summary>Until when what acts under a lease may act.</summary>
    public LeaseBook Leases { get; set; } = LeaseBook.Empty;

    /// <summary>The longest time from a kill until its containers were proven empty.</summary>
    public TimeSpan LongestKill { get; set; }

    /// <summary>Process trees by the names of their containers.</summary>
    public Dictionary<string, ProcessTree> Trees { get; } = new(StringComparer.Ordinal);

    /// <summary>Operators who wait for an answer.</summary>
    public Dictionary<long, Action<Problem?>> Tickets { get; } = [];

    /// <summary>Told of every step of an instance's machine: what it was before, and what it is.</summary>
    public Action<Instance, Instance>? StepMade { get; set; }

    public TimeSpan Uptime => Clock.GetElapsedTime(0, Clock.GetTimestamp());

    public Moment Now() => new(Uptime, Clock.GetUtcNow(), Random.Shared.NextDouble());
}
