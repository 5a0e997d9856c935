using System.Text.Json.Serialization.Metadata;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>What the node that places services counts of the others' losses.</summary>
public sealed class NodeQuarantineTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly NodeQuarantine quarantine = new();
    private ClusterImage image = ClusterImage.Empty;

    public NodeQuarantineTests()
    {
        foreach (var name in (string[])["node-1", "node-2", "node-3", "node-4"])
        {
            Put(StateKeys.Node(name), new NodeRecord(name, "1", "linux-x64", Now), StateJson.Default.DocumentNodeRecord);
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
        Delete(StateKeys.NodeOrder("node-2"));
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

    private IReadOnlyList<(NodeOrder Order, string Why)> Look() => quarantine.Look(image, Now);

    private IReadOnlyList<(NodeOrder Order, string Why)> Lose()
    {
        Delete(StateKeys.Presence("node-2"));
        var orders = Look();
        Come("node-2");
        Assert.Empty(Look());
        return orders;
    }

    private void Come(string name) => Put(StateKeys.Presence(name), new Presence(name, 7, Now), StateJson.Default.DocumentPresence);

    private void Order(NodeOrder order) => Put(StateKeys.NodeOrder(order.Node), order, StateJson.Default.DocumentNodeOrder);

    private void Put<T>(string key, T value, JsonTypeInfo<Document<T>> type) =>
        Take(new(ChangeKind.Put, new(key, StateJson.Write(value, type), 1, image.Revision + 1, 1, 0)));

    private void Delete(string key) => Take(new(ChangeKind.Delete, new(key, default, 0, image.Revision + 1, 0, 0)));

    private void Take(Change change) => image = image.With(image.Revision + 1, [change]);
}
