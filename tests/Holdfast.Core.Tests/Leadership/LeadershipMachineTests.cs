using Holdfast.Core.Leadership;

namespace Holdfast.Core.Tests.Leadership;

public sealed class LeadershipMachineTests
{
    private const long OurLease = 11, TheirLease = 22;
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly Candidate us = new("a", OurLease, 0, Standby.Hot, true, null);
    private readonly Candidate them = new("b", TheirLease, 1, Standby.Hot, true, null);
    private LeadershipState state = LeadershipState.Of("a") with { Lease = OurLease };
    private IReadOnlyList<LeadershipEffect> effects = [];
    private string reason = "";
    private long revision = 10;

    [Fact]
    public void The_best_candidate_takes_what_is_vacant_at_once_and_acts_when_the_store_gave_it()
    {
        Take(1, Saw(leader: null));
        Assert.Equal(new LeadershipEffect.Take(1, 1, OurLease, 0, new LastEpoch(1, "a", [])), Assert.Single(effects), Same);
        Take(1.1, new LeadershipInput.Changed(1, ChangeEnd.Done));
        Assert.Equal([new LeadershipEffect.Act(1, OurLease)], effects);
        Take(1.2, Saw(new Leader("a", 1, OurLease)));
        Assert.Empty(effects);
    }

    [Fact]
    public void The_next_candidate_waits_for_its_turn_and_takes_it_when_the_first_does_not()
    {
        state = LeadershipState.Of("b") with { Lease = TheirLease };
        Take(1, Saw(leader: null));
        Assert.Empty(effects);
        Take(1.19, new LeadershipInput.TimePassed());
        Assert.Empty(effects);
        Take(1.2, new LeadershipInput.TimePassed());
        Assert.IsType<LeadershipEffect.Take>(Assert.Single(effects));
    }

    [Fact]
    public void Who_is_not_ready_excluded_or_without_a_lease_takes_nothing()
    {
        foreach (var unable in (Candidate[])[us with { Ready = false }, us with { Excluded = "it is drained" }, us with { Lease = 5 }])
        {
            state = LeadershipState.Of("a") with { Lease = OurLease };
            Take(1, Saw(leader: null, candidates: [unable]));
            Take(60, new LeadershipInput.TimePassed());
            Assert.Empty(effects);
        }

        state = LeadershipState.Of("a");
        Take(61, Saw(leader: null));
        Assert.Empty(effects);
    }

    [Fact]
    public void A_paused_cluster_takes_nothing_over_by_itself()
    {
        Take(1, Saw(leader: null) with { View = View(null) with { Paused = true } });
        Assert.Empty(effects);
        Assert.Contains("paused", reason);
    }

    [Fact]
    public void Leadership_is_handed_over_only_when_it_is_proven_that_nothing_of_the_epoch_runs()
    {
        Act(3);
        Take(5, Saw(new Leader("a", 3, OurLease), switchTo: "b"));
        Assert.Equal([new LeadershipEffect.Stop(3, AtOnce: false, "it is wanted on b")], effects);
        Take(60, new LeadershipInput.TimePassed());
        Assert.Empty(effects);
        Take(61, new LeadershipInput.Ended(2, "an earlier epoch"));
        Assert.Empty(effects);
        Take(62, new LeadershipInput.Ended(3, "it was stopped"));
        var hand = Assert.IsType<LeadershipEffect.HandOver>(Assert.Single(effects));
        Assert.Equal((new Leader("b", 4, TheirLease), 4L), (hand.To, hand.Last.Epoch));
    }

    [Fact]
    public void What_ends_by_itself_goes_to_the_next_at_once()
    {
        Act(3);
        Take(5, new LeadershipInput.Ended(3, "its restarts are used up"));
        Assert.Equal("b", Assert.IsType<LeadershipEffect.HandOver>(Assert.Single(effects)).To.Node);
    }

    [Fact]
    public void Where_nobody_else_can_lead_it_is_released()
    {
        Act(3);
        Take(5, Saw(new Leader("a", 3, OurLease), candidates: [us]));
        Take(6, new LeadershipInput.Ended(3, "its restarts are used up"));
        Assert.True(Assert.IsType<LeadershipEffect.Release>(Assert.Single(effects)).Last.GivenBack);
    }

    [Fact]
    public void What_was_given_back_in_good_order_is_taken_up_without_a_failover_even_when_the_budget_is_used_up()
    {
        state = state with { Budget = new FailoverBudget(1, TimeSpan.FromHours(1)) };
        Take(1, new LeadershipInput.Saw(View(null) with { Last = new LastEpoch(7, "b", [Noon.AddMinutes(-5)], GivenBack: true) }));
        var take = Assert.IsType<LeadershipEffect.Take>(Assert.Single(effects));
        Assert.Equal(new LastEpoch(8, "a", take.Last.Failovers), take.Last);
        Assert.Equal([Noon.AddMinutes(-5)], take.Last.Failovers);
    }

    [Fact]
    public void A_lease_that_is_lost_or_another_kills_at_once_and_gives_nothing()
    {
        foreach (var lease in (long?[])[null, 99])
        {
            Act(3);
            Take(5, new LeadershipInput.LeaseIs(lease));
            Assert.True(Assert.IsType<LeadershipEffect.Stop>(Assert.Single(effects)).AtOnce);
            Take(6, new LeadershipInput.Ended(3, "it was killed"));
            Assert.DoesNotContain(effects, e => e is LeadershipEffect.HandOver);
        }
    }

    [Fact]
    public void A_key_that_is_gone_or_anothers_kills_at_once()
    {
        Act(3);
        Take(5, Saw(leader: null, last: 3));
        Assert.True(Assert.IsType<LeadershipEffect.Stop>(Assert.Single(effects)).AtOnce);
        Act(3);
        Take(5, Saw(new Leader("b", 4, TheirLease), last: 4));
        Assert.True(Assert.IsType<LeadershipEffect.Stop>(Assert.Single(effects)).AtOnce);
    }

    /// <summary>patroni#3314: a node that comes back with an old picture demotes the leader of today.</summary>
    [Fact]
    public void Patroni3314_an_older_picture_of_the_store_changes_nothing()
    {
        Act(3);
        var old = new LeadershipInput.Saw(View(new Leader("b", 2, TheirLease), last: 2) with { Revision = 1 });
        Take(5, old);
        Assert.Empty(effects);
        Assert.IsType<LeadershipPhase.Acting>(state.Phase);
    }

    [Fact]
    public void Of_a_change_that_nobody_answered_the_store_tells_the_outcome()
    {
        Take(1, Saw(leader: null));
        Take(1.5, new LeadershipInput.Changed(1, ChangeEnd.Unknown));
        Assert.Empty(effects);
        Take(1.6, Saw(new Leader("a", 1, OurLease), last: 1));
        Assert.Equal([new LeadershipEffect.Act(1, OurLease)], effects);
    }

    [Fact]
    public void A_change_that_was_refused_is_asked_for_again_when_the_store_shows_something_new_and_not_before()
    {
        Take(1, Saw(leader: null));
        Take(1.1, new LeadershipInput.Changed(1, ChangeEnd.Refused));
        Assert.Empty(effects);
        Take(1.2, new LeadershipInput.TimePassed());
        Assert.Empty(effects);
        Take(1.3, Saw(leader: null));
        Assert.IsType<LeadershipEffect.Take>(Assert.Single(effects));
    }

    [Fact]
    public void An_epoch_is_acted_in_once()
    {
        Act(3);
        Take(5, new LeadershipInput.LeaseIs(99));
        Take(6, new LeadershipInput.Ended(3, "it was killed"));
        Take(7, new LeadershipInput.LeaseIs(OurLease));
        Assert.DoesNotContain(effects, e => e is LeadershipEffect.Act);
        Assert.IsType<LeadershipEffect.Release>(Assert.Single(effects));
    }

    [Fact]
    public void An_agent_that_is_back_goes_on_with_the_epoch_that_its_supervisor_has()
    {
        state = LeadershipState.Resume("a", 3, OurLease);
        Take(1, Saw(new Leader("a", 3, OurLease), last: 3));
        Assert.Empty(effects);
        Assert.IsType<LeadershipPhase.Acting>(state.Phase);
    }

    [Fact]
    public void A_used_up_budget_of_failovers_holds_and_is_told_once()
    {
        state = state with { Budget = new FailoverBudget(2, TimeSpan.FromHours(1)) };
        var failovers = new[] { Noon.AddMinutes(-50), Noon.AddMinutes(-10) };
        Take(1, new LeadershipInput.Saw(View(null) with { Last = new LastEpoch(7, "b", failovers) }));
        Assert.IsType<LeadershipEffect.Alarm>(Assert.Single(effects));
        Take(2, new LeadershipInput.TimePassed());
        Assert.Empty(effects);
        // The first of them has left the window.
        var step = LeadershipMachine.Step(state, new LeadershipInput.TimePassed(), TimeSpan.FromSeconds(900), Noon.AddMinutes(15));
        var take = Assert.IsType<LeadershipEffect.Take>(Assert.Single(step.Effects));
        Assert.Equal([Noon.AddMinutes(-10), Noon.AddMinutes(15)], take.Last.Failovers);
    }

    [Fact]
    public void Candidates_are_ranked_by_preference_then_standby_then_name()
    {
        Candidate Of(string node, int preference, Standby standby, bool ready = true) => new(node, 1, preference, standby, ready, null);
        Candidate[] all = [Of("d", 1, Standby.Cold), Of("c", 1, Standby.Hot), Of("b", 1, Standby.Hot), Of("a", 0, Standby.Hot, ready: false), Of("e", 0, Standby.Cold)];
        Assert.Equal(["e", "b", "c", "d"], CandidateRanking.Rank(all).Select(c => c.Node));
    }

    private static bool Same(LeadershipEffect one, LeadershipEffect other) =>
        one is LeadershipEffect.Take a && other is LeadershipEffect.Take b
            ? a with { Last = LastEpoch.None } == b with { Last = LastEpoch.None } && a.Last.Epoch == b.Last.Epoch && a.Last.Failovers.SequenceEqual(b.Last.Failovers)
            : one == other;

    [Fact]
    public void Law04_who_has_promised_not_to_neither_takes_nor_acts_in_a_later_epoch_until_that_is_over()
    {
        Take(1, Saw(leader: null, last: 4));
        Assert.IsType<LeadershipEffect.Take>(Assert.Single(effects));
        Take(1.1, new LeadershipInput.Changed(1, ChangeEnd.Unknown));
        Take(1.2, new LeadershipInput.Promised(new Promise(4, TimeSpan.FromSeconds(9))));
        Take(5, new LeadershipInput.TimePassed());
        Assert.Empty(effects);
        // What was asked for before comes to pass late.
        Take(6, Saw(new Leader("a", 5, OurLease)));
        Assert.Empty(effects);
        Take(8.9, new LeadershipInput.TimePassed());
        Assert.Empty(effects);
        Take(9, new LeadershipInput.TimePassed());
        Assert.Equal([new LeadershipEffect.Act(5, OurLease)], effects);
    }

    [Fact]
    public void Law04_where_the_leader_may_be_held_only_those_that_it_asks_take_over()
    {
        var seen = Saw(leader: null, last: 4);
        Take(1, seen with { View = seen.View with { Last = seen.View.Last with { Peers = ["b", "c"] } } });
        Take(60, new LeadershipInput.TimePassed());
        Assert.Empty(effects);
        seen = Saw(leader: null, last: 4);
        Take(61, seen with { View = seen.View with { Last = seen.View.Last with { Peers = ["a", "b"] } } });
        Assert.Equal(["a", "b"], Assert.IsType<LeadershipEffect.Take>(Assert.Single(effects)).Last.Peers);
    }

    [Fact]
    public void What_all_peers_let_go_on_outlives_the_lease_for_as_long_and_no_longer()
    {
        Act(4);
        Take(3, new LeadershipInput.Held(4, TimeSpan.FromSeconds(9)));
        Take(4, new LeadershipInput.LeaseIs(null));
        Take(5, Saw(leader: null, last: 4));
        Assert.Empty(effects);
        Take(9, new LeadershipInput.TimePassed());
        Assert.True(Assert.IsType<LeadershipEffect.Stop>(Assert.Single(effects)).AtOnce);
    }

    [Fact]
    public void What_was_held_goes_on_in_its_epoch_under_another_lease_and_can_be_moved_again()
    {
        Act(4);
        Take(3, new LeadershipInput.Held(4, TimeSpan.FromSeconds(9)));
        Take(4, new LeadershipInput.LeaseIs(null));
        Take(5, new LeadershipInput.LeaseIs(12));
        Take(5.1, Saw(leader: null, last: 4, switchTo: "b"));
        Assert.Empty(effects);
        Take(5.2, new LeadershipInput.Attached(4, 12));
        Assert.Empty(effects);
        Take(5.3, Saw(new Leader("a", 4, 12), switchTo: "b"));
        Assert.False(Assert.IsType<LeadershipEffect.Stop>(Assert.Single(effects)).AtOnce);
    }

    [Fact]
    public void Law04_what_is_held_ends_at_once_when_another_leads()
    {
        Act(4);
        Take(3, new LeadershipInput.Held(4, TimeSpan.FromSeconds(9)));
        Take(4, new LeadershipInput.LeaseIs(null));
        Take(5, Saw(new Leader("b", 5, TheirLease)));
        Assert.True(Assert.IsType<LeadershipEffect.Stop>(Assert.Single(effects)).AtOnce);
    }

    private LeadershipView View(Leader? leader, long last = 0, string? switchTo = null, IReadOnlyList<Candidate>? candidates = null) =>
        new(++revision, leader, leader is null ? 0 : revision, new LastEpoch(last, "", []), last == 0 ? 0 : revision, switchTo, false, candidates ?? [us, them]);

    private LeadershipInput.Saw Saw(Leader? leader, long last = 0, string? switchTo = null, IReadOnlyList<Candidate>? candidates = null) =>
        new(View(leader, Math.Max(last, leader?.Epoch ?? 0), switchTo, candidates));

    /// <summary>This node acts, and both are candidates.</summary>
    private void Act(long epoch)
    {
        state = LeadershipState.Of("a") with { Lease = OurLease };
        Take(1, Saw(new Leader("a", epoch, OurLease)));
        Assert.Equal([new LeadershipEffect.Act(epoch, OurLease)], effects);
    }

    private void Take(double clock, LeadershipInput input)
    {
        var step = LeadershipMachine.Step(state, input, TimeSpan.FromSeconds(clock), Noon);
        (state, effects, reason) = (step.State, step.Effects, step.Reason);
    }
}
