using Holdfast.Node.Clusters;
using Holdfast.Node.State;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>What the node that places services counts of the others' losses.</summary>
public sealed class NodeQuarantineTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly NodeQuarantine quarantine = new();
    private readonly TestImage image = new();

    public NodeQuarantineTests()
    {
        foreach (var name in (string[])["node-1", "node-2", "node-3", "node-4"])
        {
            image.Put(StateKeys.Node(name), new NodeRecord(name, "1", "linux-x64", Now), StateJson.Default.DocumentNodeRecord);
            Come(name);
        }

        Assert.Empty(Look());
    }

    [Fact]
    public void A_node_that_is_lost_three_times_is_in_quarantine()
    {
        Assert.Empty(Lose());
        Assert.Empty(Lose());
        var (order, why) = Assert.Single(Lose());
        Assert.Equal(("node-2", NodeOrderKind.Quarantine), (order.Node, order.Kind));
        Assert.True(order.Until > Now);
        Assert.Contains("3 times", why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_lost_before_somebody_resumed_it_counts_no_more()
    {
        Lose();
        Lose();
        Order(Lose()[0].Order);
        Assert.Empty(Look());
        image.Delete(StateKeys.NodeOrder("node-2"));
        Assert.Empty(Look());
        Assert.Empty(Lose());
        Assert.Empty(Lose());
        Assert.Single(Lose());
    }

    [Fact]
    public void A_drained_node_that_goes_away_is_not_lost()
    {
        Lose();
        Lose();
        Order(new("node-2", NodeOrderKind.Drain, "its disk", "kim", Now, null));
        Assert.Empty(Lose());
    }

    [Fact]
    public void A_node_that_said_that_it_goes_is_not_lost()
    {
        Lose();
        Lose();
        image.Put(StateKeys.Presence("node-2"), new Presence("node-2", 7, Now) { Leaving = "the machine goes down" }, StateJson.Default.DocumentPresence);
        Assert.Empty(Look());
        Assert.Empty(Lose());
    }

    private IReadOnlyList<(NodeOrder Order, string Why)> Look() => quarantine.Look(image.Now, Now);

    private IReadOnlyList<(NodeOrder Order, string Why)> Lose()
    {
        image.Delete(StateKeys.Presence("node-2"));
        var orders = Look();
        Come("node-2");
        Assert.Empty(Look());
        return orders;
    }

    private void Come(string name) => image.Put(StateKeys.Presence(name), new Presence(name, 7, Now), StateJson.Default.DocumentPresence);

    private void Order(NodeOrder order) => image.Put(StateKeys.NodeOrder(order.Node), order, StateJson.Default.DocumentNodeOrder);
}
