namespace Holdfast.Core.Leadership;

/// <summary>Who leads: a key that ends with its node's lease.</summary>
/// <param name="Epoch">Greater than any before, for this service, for ever.</param>
public sealed record Leader(string Node, long Epoch, long Lease);

/// <summary>The last epoch that was given: a key that never ends.</summary>
/// <param name="Failovers">When, lately, an epoch was taken because the one before had ended unplanned: by the time of day, as people count it.</param>
/// <param name="GivenBack">Who led gave it back when nothing of it ran any more: who leads next does not take over from a failure.</param>
public sealed record LastEpoch(long Epoch, string Node, IReadOnlyList<DateTimeOffset> Failovers, bool GivenBack = false)
{
    public static LastEpoch None { get; } = new(0, "", []);

    /// <summary>The only nodes that may take what comes after it by themselves: its leader may go on without the store while all of them have promised it. Null: any may.</summary>
    public IReadOnlyList<string>? Peers { get; init; }
}

/// <summary>How often a service may fail over by itself before somebody must look.</summary>
public sealed record FailoverBudget(int Most, TimeSpan Within)
{
    public static FailoverBudget Default { get; } = new(5, TimeSpan.FromHours(1));

    public bool AllowsOneMore(LastEpoch last, DateTimeOffset now) => last.Failovers.Count(f => now - f < Within) < Most;
}

/// <summary>All that the store says of one service's leadership, at one revision.</summary>
/// <param name="LeaderRevision">The revision that last changed the leader's key; 0: there is none.</param>
/// <param name="LastRevision">The revision that last changed the last epoch's; 0: there is none.</param>
/// <param name="SwitchTo">To which node somebody wants it moved; null: nobody does.</param>
/// <param name="Paused">Nobody takes it over by itself.</param>
/// <param name="Candidates">The node itself included.</param>
public sealed record LeadershipView(
    long Revision, Leader? Leader, long LeaderRevision, LastEpoch Last, long LastRevision, string? SwitchTo, bool Paused, IReadOnlyList<Candidate> Candidates);
