using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Placement;
using static Holdfast.Core.Tests.Placement.Cluster;

namespace Holdfast.Core.Tests.Placement;

public sealed class QuarantineMachineTests
{
    private static readonly QuarantineInput Loss = new QuarantineInput.LeaseLost(Planned: false);
    private static readonly QuarantinePeers Others = new(4, 0, 3);

    private QuarantineState state = QuarantineState.None;
    private string reason = "";

    [Fact]
    public void The_third_unplanned_loss_within_an_hour_quarantines_for_two()
    {
        Take(0, Loss);
        Assert.Equal("it was lost 1 time within 1h", reason);
        Take(20, Loss);
        Take(59, Loss);
        Assert.Equal(Noon.AddMinutes(59 + 120), state.Until);
        Assert.Equal("it was lost 3 times within 1h: it is in quarantine for 2h", reason);
    }

    [Fact]
    public void Losses_that_were_planned_or_are_long_ago_do_not_count()
    {
        Take(0, Loss);
        Take(1, new QuarantineInput.LeaseLost(Planned: true));
        Take(2, new QuarantineInput.LeaseLost(Planned: true));
        Take(3, Loss);
        Take(60, Loss);
        Assert.Null(state.Until);
        Assert.Equal([Noon.AddMinutes(3), Noon.AddMinutes(60)], state.Losses);
    }

    [Fact]
    public void It_ends_after_its_time_and_the_count_begins_anew()
    {
        Quarantine();
        Take(121, new QuarantineInput.TimePassed());
        Assert.NotNull(state.Until);
        Take(122, new QuarantineInput.TimePassed());
        Assert.Equal(QuarantineState.None, state);
        Assert.Equal("its quarantine is over", reason);
    }

    [Fact]
    public void Losses_in_quarantine_lengthen_nothing()
    {
        Quarantine();
        var until = state.Until;
        Take(10, Loss);
        Assert.Equal(until, state.Until);
        Assert.Empty(state.Losses);
    }

    [Fact]
    public void Somebody_can_end_it()
    {
        Quarantine();
        Take(10, new QuarantineInput.Released());
        Assert.Equal(QuarantineState.None, state);
    }

    [Fact]
    public void At_most_a_quarter_of_the_nodes_are_in_quarantine_and_in_a_small_cluster_one()
    {
        foreach (var (nodes, most) in new[] { (2, 1), (3, 1), (4, 1), (7, 1), (8, 2), (12, 3) })
        {
            Assert.NotNull(AfterThree(new(nodes, most - 1, 1)).Until);
            Assert.Null(AfterThree(new(nodes, most, 1)).Until);
        }

        AfterThree(new(4, 1, 2));
        Assert.Equal("it was lost 3 times within 1h, and stays in service, as 1 of 4 nodes are in quarantine already", reason);
    }

    [Fact]
    public void The_last_node_that_is_fit_is_never_in_quarantine()
    {
        Assert.Null(AfterThree(new(1, 0, 0)).Until);
        Assert.Null(AfterThree(new(4, 0, 0)).Until);
        Quarantine();
        Take(10, new QuarantineInput.TimePassed(), new QuarantinePeers(4, 0, 0));
        Assert.Equal((QuarantineState.None, "its quarantine ends, as no other node is fit"), (state, reason));
    }

    [Fact]
    public void Whatever_happens_to_a_cluster_no_more_than_a_quarter_of_it_is_in_quarantine_and_one_node_stays() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var states = Enumerable.Repeat(QuarantineState.None, random.Next(1, 12)).ToArray();
            for (var minute = 0; minute < 300; minute += random.Next(1, 10))
            {
                var at = random.Next(states.Length);
                QuarantineInput input = random.Next(4) > 0 ? new QuarantineInput.LeaseLost(random.Next(8) == 0) : new QuarantineInput.TimePassed();
                var quarantined = states.Where((_, index) => index != at).Count(other => other.Until is not null);
                states[at] = QuarantineMachine.Step(states[at], input, new(states.Length, quarantined, states.Length - 1 - quarantined), QuarantineTerms.Default, Noon.AddMinutes(minute)).State;
                var all = states.Count(one => one.Until is not null);
                Assert.True(all <= Math.Max(1, states.Length / 4) && all < states.Length, $"{all} of {states.Length}");
            }
        }));

    private QuarantineState AfterThree(QuarantinePeers peers)
    {
        state = QuarantineState.None;
        for (var minute = 0; minute < 3; minute++) Take(minute, Loss, peers);
        return state;
    }

    private void Quarantine() => Assert.Equal(Noon.AddMinutes(122), AfterThree(Others).Until);

    private void Take(double minute, QuarantineInput input, QuarantinePeers? peers = null) =>
        (state, reason) = QuarantineMachine.Step(state, input, peers ?? Others, QuarantineTerms.Default, Noon.AddMinutes(minute));
}
