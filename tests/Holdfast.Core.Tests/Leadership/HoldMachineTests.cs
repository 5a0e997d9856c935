using Holdfast.Core.Leadership;

namespace Holdfast.Core.Tests.Leadership;

/// <summary>An epoch of node a, in a lease of 10 s that was sent at 0; b and c may lead as well.</summary>
public sealed class HoldMachineTests
{
    private const long Epoch = 4, Lease = 11, Another = 12;
    private static readonly LeaseTerms Terms = LeaseTerms.Of(TimeSpan.FromSeconds(10), TimeSpan.Zero).Value;

    private HoldState state = HoldMachine.Begin("a", Epoch, Terms, Lease, TimeSpan.Zero);
    private IReadOnlyList<HoldEffect> effects = [];
    private long revision = 10;

    [Fact]
    public void Law04_without_a_word_from_the_store_or_the_peers_it_ends_at_the_deadline_of_its_lease()
    {
        Ready();
        Take(3, new HoldInput.TimePassed());
        Assert.Equal(["b", "c"], Assert.Single(Of<HoldEffect.Ask>()).Peers);
        Take(6.9, new HoldInput.TimePassed());
        Assert.False(state.IsOver);
        Take(7, new HoldInput.TimePassed());
        Assert.Single(Of<HoldEffect.Fence>());
        Take(7.1, new HoldInput.Promised("b", At(3)));
        Take(7.1, new HoldInput.Promised("c", At(3)));
        Assert.True(state.IsOver);
        Assert.Empty(effects);
    }

    [Fact]
    public void Law04_all_peers_must_promise_and_the_oldest_promise_counts_from_its_asking()
    {
        Ready();
        Take(3, new HoldInput.TimePassed());
        Take(3.5, new HoldInput.Promised("b", At(3)));
        Assert.Null(state.HeldUntil(At(3.5)));
        Take(5, new HoldInput.TimePassed());
        Take(5.5, new HoldInput.Promised("b", At(5)));
        Take(5.6, new HoldInput.Promised("c", At(3)));
        Assert.Equal(new HoldEffect.Extend(At(8), At(10)), Assert.Single(Of<HoldEffect.Extend>()));
        Take(7, new HoldInput.Lost(Lease, "its deadline has passed"));
        Assert.Empty(Of<HoldEffect.Fence>());
        Take(9.9, new HoldInput.TimePassed());
        Assert.False(state.IsOver);
        Take(10, new HoldInput.TimePassed());
        Assert.True(state.IsOver);
    }

    [Fact]
    public void Law04_nothing_is_held_before_the_store_says_who_must_agree()
    {
        Take(1, Saw());
        Assert.Equal(["a", "b", "c"], Assert.Single(Of<HoldEffect.Name>()).Last.Peers);
        // Nobody says what became of it.
        Take(2, new HoldInput.Changed(1, ChangeEnd.Unknown));
        Take(4, new HoldInput.Promised("b", At(3)));
        Take(4, new HoldInput.Promised("c", At(3)));
        Take(7, new HoldInput.TimePassed());
        Assert.True(state.IsOver);
    }

    [Fact]
    public void Law04_what_an_agent_before_wrote_is_written_again()
    {
        Take(1, Saw(peers: ["a", "b", "c"]));
        Assert.Single(Of<HoldEffect.Name>());
    }

    [Fact]
    public void Law04_a_node_that_may_be_named_must_agree_as_well()
    {
        Ready();
        Take(1.5, Saw(peers: ["a", "b", "c"], wanted: ["a", "b", "c", "d"]));
        Assert.Single(Of<HoldEffect.Name>());
        Take(2, new HoldInput.Changed(2, ChangeEnd.Unknown));
        Take(3, new HoldInput.TimePassed());
        Assert.Equal(["b", "c", "d"], Of<HoldEffect.Ask>().Single().Peers.Order());
        foreach (var peer in (string[])["b", "c"]) Take(3.5, new HoldInput.Promised(peer, At(3)));
        Take(7, new HoldInput.TimePassed());
        Assert.True(state.IsOver);
    }

    [Fact]
    public void Law04_who_must_agree_is_not_changed_while_the_deadline_rests_on_promises()
    {
        Ready();
        Take(3, new HoldInput.TimePassed());
        foreach (var peer in (string[])["b", "c"]) Take(3.5, new HoldInput.Promised(peer, At(3)));
        Take(4, Saw(peers: ["a", "b", "c"], wanted: ["a", "b", "c", "d"]));
        Assert.Empty(Of<HoldEffect.Name>());
        Take(5, new HoldInput.Renewed(Lease, At(4.5)));
        Assert.Single(Of<HoldEffect.Name>());
    }

    [Fact]
    public void A_store_that_is_back_gets_the_key_under_the_new_lease_and_the_epoch_goes_on()
    {
        Held();
        Take(7.8, Saw(leader: null, peers: ["a", "b", "c"]));
        Assert.Empty(effects);
        Take(8, new HoldInput.Renewed(Another, At(7.9)));
        var attach = Assert.Single(Of<HoldEffect.Attach>());
        Assert.Equal((new Leader("a", Epoch, Another), 0L, revision), (attach.Leader, attach.IfLeader, attach.IfLast));
        Take(8.2, new HoldInput.Changed(attach.Attempt, ChangeEnd.Done));
        Assert.Equal(Another, state.Lease);
        Assert.Equal(At(14.9), state.ToldHardAt);
        // It is asked for until the store shows it.
        Take(9.5, new HoldInput.TimePassed());
        Assert.Single(Of<HoldEffect.Ask>());
        Take(9.6, Saw(leader: new Leader("a", Epoch, Another), peers: ["a", "b", "c"]));
        Take(9.7, new HoldInput.Renewed(Another, At(9.6)));
        Take(11.6, new HoldInput.TimePassed());
        Assert.Empty(effects);
    }

    [Fact]
    public void Law04_where_another_leads_or_has_led_nothing_is_put_under_another_lease()
    {
        Held();
        var view = View(new Leader("b", Epoch + 1, 22), null);
        Take(7.8, new HoldInput.Saw(view with { Last = view.Last with { Epoch = Epoch + 1 } }, ["a", "b", "c"]));
        Take(8, new HoldInput.Renewed(Another, At(7.9)));
        Assert.Empty(effects);
    }

    [Fact]
    public void Law04_a_lease_that_the_store_ended_early_is_not_outlived_by_what_was_told_by_it()
    {
        Ready();
        Take(3, new HoldInput.TimePassed());
        foreach (var peer in (string[])["b", "c"]) Take(3.5, new HoldInput.Promised(peer, At(3)));
        Take(4.5, new HoldInput.Renewed(Lease, At(4)));
        Take(5, new HoldInput.Lost(Lease, "the store says that it has ended"));
        Assert.Single(Of<HoldEffect.Fence>());
    }

    [Fact]
    public void What_clocks_do_not_tell_holds_it_back_until_something_is_answered_that_was_sent_afterwards()
    {
        Held();
        Take(8, new HoldInput.TimeDoubted("the machine slept"));
        Assert.Single(Of<HoldEffect.HoldBack>());
        Take(8.1, new HoldInput.Promised("b", At(7.5)));
        Take(8.1, new HoldInput.Promised("c", At(7.5)));
        Assert.Empty(Of<HoldEffect.Extend>());
        Take(8.2, new HoldInput.Promised("b", At(8)));
        Take(8.2, new HoldInput.Promised("c", At(8)));
        Assert.Equal(At(15), Assert.Single(Of<HoldEffect.Extend>()).HardAt);
    }

    [Fact]
    public void Where_no_other_node_may_lead_it_goes_on_for_as_long_as_it_takes()
    {
        Take(1, Saw(wanted: ["a"]));
        Take(1.1, new HoldInput.Changed(1, ChangeEnd.Done));
        for (var second = 2; second < 60; second++) Take(second, new HoldInput.TimePassed());
        Assert.False(state.IsOver);
        Assert.True(state.ToldHardAt > At(63));
    }

    /// <summary>The store says who must agree, as this agent wrote it.</summary>
    private void Ready()
    {
        Take(1, Saw());
        Take(1.1, new HoldInput.Changed(1, ChangeEnd.Done));
        Take(1.2, Saw(peers: ["a", "b", "c"]));
        Assert.Empty(effects);
    }

    /// <summary>Without its lease, by promises that were asked for at 5.</summary>
    private void Held()
    {
        Ready();
        Take(5, new HoldInput.TimePassed());
        foreach (var peer in (string[])["b", "c"]) Take(5.5, new HoldInput.Promised(peer, At(5)));
        Take(7, new HoldInput.Lost(Lease, "its deadline has passed"));
        Assert.False(state.IsOver);
    }

    private HoldInput.Saw Saw(IReadOnlyList<string>? peers = null, IReadOnlyList<string>? wanted = null) => Saw(new Leader("a", Epoch, Lease), peers, wanted);

    private HoldInput.Saw Saw(Leader? leader, IReadOnlyList<string>? peers = null, IReadOnlyList<string>? wanted = null) => new(View(leader, peers), wanted ?? ["a", "b", "c"]);

    private LeadershipView View(Leader? leader, IReadOnlyList<string>? peers)
    {
        revision++;
        return new(revision, leader, leader is null ? 0 : revision, new LastEpoch(Epoch, "a", []) { Peers = peers }, revision, null, false, []);
    }

    private IEnumerable<T> Of<T>() => effects.OfType<T>();

    private void Take(double seconds, HoldInput input)
    {
        var step = HoldMachine.Step(state, input, At(seconds));
        (state, effects) = (step.State, step.Effects);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
