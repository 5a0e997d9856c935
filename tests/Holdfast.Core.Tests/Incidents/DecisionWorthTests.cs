using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;

namespace Holdfast.Core.Tests.Incidents;

/// <summary>What is kept, and what would only push it out.</summary>
public class DecisionWorthTests
{
    private static readonly DateTimeOffset noon = Decisions.Noon;

    [Fact]
    public void A_lease_is_kept_where_it_begins_doubts_and_ends_and_not_where_it_is_renewed()
    {
        var lease = new Leased();
        Assert.True(lease.Hears(new LeaseInput.TimePassed(), 0), "asks");
        Assert.True(lease.Hears(new LeaseInput.Granted(7, TimeSpan.FromSeconds(10), TimeSpan.Zero), 0), "granted");
        Assert.False(lease.Hears(new LeaseInput.TimePassed(), 2), "renews");
        Assert.False(lease.Hears(new LeaseInput.Renewed(7, TimeSpan.FromSeconds(2)), 2.1), "renewed");
        Assert.True(lease.Hears(new LeaseInput.Unanswered(TimeSpan.FromSeconds(4), "no answer"), 5), "a renewal came to nothing");
        Assert.True(lease.Hears(new LeaseInput.TimePassed(), 7.5), "holds back");
        Assert.True(lease.Hears(new LeaseInput.Renewed(7, TimeSpan.FromSeconds(7)), 7.6), "doubts no more");
        Assert.True(lease.Hears(new LeaseInput.TimeDoubted("it jumped"), 8), "doubts");
        Assert.True(lease.Hears(new LeaseInput.TimePassed(), 60), "fences");
    }

    [Fact]
    public void A_store_that_is_away_for_a_day_leaves_two_decisions()
    {
        var lease = new Leased();
        var kept = 0;
        for (var second = 0; second < 86_400; second++)
        {
            if (lease.Hears(new LeaseInput.TimePassed(), second)) kept++;
            if (lease.State is LeaseState.Asked asked && lease.Hears(new LeaseInput.Unanswered(asked.At, "the store is away"), second + 0.5)) kept++;
        }

        Assert.Equal(2, kept);
    }

    [Fact]
    public void A_leader_that_goes_on_for_a_day_without_the_store_leaves_few_decisions()
    {
        var terms = LeaseTerms.Of(TimeSpan.FromSeconds(10), TimeSpan.Zero).Value;
        var state = HoldMachine.Begin("node-1", 3, terms, 71, TimeSpan.Zero);
        var kept = 0;
        Hears(new HoldInput.Saw(new LeadershipView(5, new("node-1", 3, 71), 4, new(3, "node-1", []), 4, null, Paused: false, []), ["node-1", "node-2"]), 0.1);
        Hears(new HoldInput.Changed(state.Attempt, ChangeEnd.Done), 0.2);
        for (var second = 1; second < 86_400; second++)
        {
            Hears(new HoldInput.TimePassed(), second);
            Hears(new HoldInput.Promised("node-2", TimeSpan.FromSeconds(second)), second + 0.1);
            if (second == 6) Hears(new HoldInput.Lost(71, "no answer came"), 6.5);
        }

        Assert.False(state.IsOver);
        // The list that is written and that it is, the first promise, and the end of the lease.
        Assert.Equal(4, kept);

        void Hears(HoldInput input, double at)
        {
            var now = TimeSpan.FromSeconds(at);
            var step = HoldMachine.Step(state, input, now);
            if (DecisionWorth.IsKept(new Decision.OfHold(state, input, now, step), null)) kept++;
            state = step.State;
        }
    }

    [Fact]
    public void Why_nobody_takes_over_is_kept_once_and_steps_that_change_nothing_are_not()
    {
        var state = LeadershipState.Of("node-1") with { Lease = 71 };
        var view = new LeadershipView(1, new("node-2", 1, 72), 1, new(1, "node-2", []), 1, null, Paused: false, []);
        Assert.False(Keeps(ref state, new LeadershipInput.Saw(view), null));
        Assert.True(Keeps(ref state, new LeadershipInput.Saw(view with { Revision = 2, Leader = null, LeaderRevision = 0, Paused = true }), "the store changed"));
        Assert.False(Keeps(ref state, new LeadershipInput.TimePassed(), "nobody leads, and the cluster is paused"));
        Assert.True(Keeps(ref state, new LeadershipInput.Saw(view with { Revision = 3, Leader = null, LeaderRevision = 0 }), "nobody leads, and the cluster is paused"));
        Candidate own = new("node-1", 71, 0, Standby.Warm, Ready: true, null);
        Assert.True(Keeps(ref state, new LeadershipInput.Saw(view with { Revision = 4, Leader = null, LeaderRevision = 0, Candidates = [own] }), "nobody leads, and this node cannot"));
        Assert.IsType<LeadershipPhase.Taking>(state.Phase);
    }

    [Fact]
    public void A_placement_that_cannot_be_saved_and_is_decided_again_is_kept_once()
    {
        var placed = Decisions.OfEveryKind().OfType<Decision.OfPlacement>().Single();
        Assert.True(DecisionWorth.IsKept(placed, null));
        Assert.False(DecisionWorth.IsKept(placed, placed.Answer.Reason));
        Assert.True(DecisionWorth.IsKept(placed with { Answer = placed.Answer with { Reason = "it goes to node-4" } }, placed.Answer.Reason));
    }

    private static bool Keeps(ref LeadershipState state, LeadershipInput input, string? lastReason)
    {
        var step = LeadershipMachine.Step(state, input, TimeSpan.FromSeconds(1), noon);
        var decision = new Decision.OfLeadership(state, input, TimeSpan.FromSeconds(1), noon, step);
        state = step.State;
        return DecisionWorth.IsKept(decision, lastReason);
    }

    private sealed class Leased
    {
        public LeaseState State { get; private set; } = LeaseMachine.Begin;

        public bool Hears(LeaseInput input, double second)
        {
            var now = TimeSpan.FromSeconds(second);
            var step = LeaseMachine.Step(State, input, now, TimeSpan.Zero);
            var decision = new Decision.OfLease(State, input, now, TimeSpan.Zero, step);
            State = step.State;
            return DecisionWorth.IsKept(decision, null);
        }
    }
}
