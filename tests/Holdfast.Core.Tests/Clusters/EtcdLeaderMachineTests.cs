using Holdfast.Core.Clusters;

namespace Holdfast.Core.Tests.Clusters;

/// <summary>Where etcd's leader is to be.</summary>
public sealed class EtcdLeaderMachineTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    private static readonly EtcdMemberFacts First = Healthy(1, "node-1", "node-1"), Second = Healthy(2, "node-2", "node-2"), Witness = Healthy(3, "witness", null);

    [Fact]
    public void It_goes_to_the_witness_where_the_node_that_it_is_on_leads()
    {
        var place = EtcdLeaderMachine.Place(World(1, [("node-1", 3)], First, Second, Witness));
        Assert.Equal(Witness, place.MoveTo);
        Assert.Equal("etcd's leader is on node-1, where 3 services are led, and the member witness none", place.Reason);
    }

    [Fact]
    public void Where_no_service_is_led_it_stays()
    {
        Assert.Equal("etcd's leader is on node-2, where no service is led", Stays(World(2, [("node-1", 3)], First, Second, Witness)));
        Assert.Equal("etcd's leader is the member witness, where no service is led", Stays(World(3, [("node-1", 3), ("node-2", 1)], First, Second, Witness)));
        Assert.Equal("it is not known which member is etcd's leader", Stays(World(0, [("node-1", 3)], First, Second, Witness)));
    }

    [Fact]
    public void Only_one_that_can_take_it_over_gets_it()
    {
        const string nowhere = "etcd's leader is on node-1, where 3 services are led, and stays: no other voting member that could take it over is where at most half as many are";
        var third = Healthy(4, "node-3", "node-3");
        var fourth = Healthy(5, "node-4", "node-4");
        foreach (var unfit in (EtcdMemberFacts[])[Witness with { IsLearner = true }, Witness with { IsHealthy = false }, Witness with { Applied = 10_000 - EtcdLeaderMachine.Near - 1 }, Witness with { Applied = 0 }])
        {
            var leads = ((string, int)[])[("node-1", 3), ("node-2", 3), ("node-3", 2), ("node-4", 2)];
            Assert.Equal(nowhere, Stays(World(1, leads, First, Second, third, fourth, unfit)));
            Assert.Equal(third, EtcdLeaderMachine.Place(World(1, [.. leads.Take(2), ("node-3", 1), ("node-4", 2)], First, Second, third, unfit, fourth)).MoveTo);
        }

        Assert.Equal(Witness with { Applied = 9_000 }, EtcdLeaderMachine.Place(World(1, [("node-1", 3)], First, Second, Witness with { Applied = 9_000 })).MoveTo);
    }

    [Theory]
    [InlineData(3, 2, false)]
    [InlineData(3, 1, true)]
    [InlineData(1, 1, false)]
    [InlineData(500, 499, false)]
    public void It_goes_only_where_at_most_half_as_many_are_led(int own, int other, bool goes) =>
        Assert.Equal(goes, EtcdLeaderMachine.Place(World(1, [("node-1", own), ("node-2", other), ("node-3", own)], First, Second, Healthy(4, "node-3", "node-3"))).MoveTo is not null);

    [Fact]
    public void Where_the_loss_of_the_node_takes_the_majority_away_nothing_is_won_by_moving()
    {
        const string stays = "etcd's leader is on node-1, where 1 service is led, and stays: without that machine the etcd has no majority, wherever its leader is";
        Assert.Equal(stays, Stays(World(1, [("node-1", 1)], First)));
        Assert.Equal(stays, Stays(World(1, [("node-1", 1)], First, Second)));
        Assert.Equal(stays, Stays(World(1, [("node-1", 1)], First, Second with { IsHealthy = false }, Witness)));
    }

    [Fact]
    public void In_a_pause_it_stays() =>
        Assert.Equal("etcd's leader is on node-1, where 1 service is led, and stays, as the cluster is paused", Stays(World(1, [("node-1", 1)], First, Second, Witness) with { IsPaused = true }));

    [Fact]
    public void It_is_asked_when_the_place_has_been_better_for_a_while_and_once_a_minute_at_the_most()
    {
        var away = World(1, [("node-1", 1)], First, Second, Witness);
        var well = World(1, [], First, Second, Witness);
        var step = EtcdLeaderMachine.Step(EtcdLeaderState.None, away, Start);
        Assert.Null(step.MoveTo);
        // For a moment it was well where it is: what was before counts no more.
        step = EtcdLeaderMachine.Step(step.State, well, Start + EtcdLeaderMachine.Settled);
        step = EtcdLeaderMachine.Step(step.State, away, Start + EtcdLeaderMachine.Settled);
        Assert.Null(step.MoveTo);
        var first = Start + (2 * EtcdLeaderMachine.Settled);
        step = EtcdLeaderMachine.Step(step.State, away, first);
        Assert.Equal(Witness, step.MoveTo);

        // It did not move, or came back.
        List<TimeSpan> asked = [];
        for (var now = first; now <= first + (3 * EtcdLeaderMachine.Between); now += TimeSpan.FromSeconds(1))
        {
            step = EtcdLeaderMachine.Step(step.State, away, now);
            if (step.MoveTo is not null) asked.Add(now - first);
        }

        Assert.Equal([EtcdLeaderMachine.Between, 2 * EtcdLeaderMachine.Between, 3 * EtcdLeaderMachine.Between], asked);
    }

    /// <summary>Every node decides by itself, with a memory of its own: where nobody's leading changes, etcd's leader comes to rest.</summary>
    [Fact]
    public void Among_nodes_that_all_lead_it_does_not_go_round()
    {
        var chance = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var members = Enumerable.Range(1, chance.Next(1, 4) * 2 + 1).Select(i => Healthy((ulong)i, $"node-{i}", chance.Next(4) == 0 ? null : $"node-{i}")).ToArray();
            var led = members.Where(member => member.Node is not null).Select(member => (member.Node!, chance.Next(12))).ToArray();
            HashSet<ulong> been = [];
            for (var leader = 1UL; ;)
            {
                Assert.True(been.Add(leader), $"In round {round} it came back to {leader}.");
                if (EtcdLeaderMachine.Place(World(leader, led, members)).MoveTo is not { } next) break;
                leader = next.Id;
            }
        }
    }

    private static string Stays(EtcdLeaderWorld world)
    {
        var place = EtcdLeaderMachine.Place(world);
        Assert.Null(place.MoveTo);
        return place.Reason;
    }

    private static EtcdLeaderWorld World(ulong leader, (string Node, int Count)[] led, params EtcdMemberFacts[] members) =>
        new(leader, members, led.ToDictionary(one => one.Node, one => one.Count, StringComparer.Ordinal));

    private static EtcdMemberFacts Healthy(ulong id, string name, string? node) => new(id, name, node) { IsHealthy = true, Applied = 10_000 };
}
