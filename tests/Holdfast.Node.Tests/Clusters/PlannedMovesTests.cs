using Holdfast.Core.Operations;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>Switchovers at a time that somebody named.</summary>
public sealed class PlannedMovesTests
{
    private static readonly DateTimeOffset Due = new(2026, 11, 28, 2, 0, 0, TimeSpan.Zero);

    private readonly TestImage image = new();

    public PlannedMovesTests()
    {
        image.Put(StateKeys.Service("orders"), new ServiceRecord { Name = "orders", Release = 1, LastRelease = 1, Run = RunState.Running, Incarnation = 1, Operation = "x" }, StateJson.Default.DocumentServiceRecord);
        image.Put(StateKeys.Placement("orders"), new PlacementDocument("orders", new PlacementSpec { Mode = PlacementMode.ActiveStandby }, ["node-1", "node-2"], "", Due), StateJson.Default.DocumentPlacementDocument);
        foreach (var node in (string[])["node-1", "node-2"])
        {
            image.Put(StateKeys.Node(node), new NodeRecord(node, "1", "linux-x64", Due), StateJson.Default.DocumentNodeRecord);
            image.Put(StateKeys.Presence(node), new Presence(node, node == "node-1" ? 1 : 2, Due), StateJson.Default.DocumentPresence);
        }

        Lead("node-1", 5);
        image.Put(StateKeys.PlannedMove("orders"), new PlannedMove("orders", "node-2", "operator/alice", "id", Due), StateJson.Default.DocumentPlannedMove);
    }

    [Fact]
    public void It_is_begun_at_its_time_and_not_before()
    {
        Assert.Empty(PlannedMoves.Look(image.Now, Due.AddSeconds(-1)));
        Assert.Equal(TimeSpan.FromHours(1), PlannedMoves.Wait(image.Now, Due.AddHours(-1)));
        var begin = Assert.IsType<DueMove.Begin>(Assert.Single(PlannedMoves.Look(image.Now, Due)));
        Assert.Equal(("orders", "node-2", "operator/alice", "id", Due), (begin.Move.Service, begin.Move.To, begin.Move.By, begin.Move.Id, begin.Move.At));
    }

    [Fact]
    public void Where_no_node_was_named_it_is_the_best_that_does_not_lead_then()
    {
        image.Put(StateKeys.PlannedMove("orders"), new PlannedMove("orders", "", "operator/alice", "id", Due), StateJson.Default.DocumentPlannedMove);
        Lead("node-2", 6);
        Assert.Equal("node-1", Assert.IsType<DueMove.Begin>(Assert.Single(PlannedMoves.Look(image.Now, Due))).Move.To);
    }

    [Fact]
    public void What_cannot_be_begun_is_tried_for_ten_minutes_and_given_up_with_the_reason()
    {
        image.Put(StateKeys.NodeOrder("node-2"), new NodeOrder("node-2", NodeOrderKind.Drain, "its disk", "kim", Due, null), StateJson.Default.DocumentNodeOrder);
        Assert.Empty(PlannedMoves.Look(image.Now, Due.AddMinutes(9)));
        Assert.Equal(PlannedMoves.Again, PlannedMoves.Wait(image.Now, Due.AddMinutes(9)));
        var given = Assert.IsType<DueMove.GiveUp>(Assert.Single(PlannedMoves.Look(image.Now, Due.AddMinutes(11))));
        Assert.Equal("switchover.cannot-lead", given.Why.Rule);
        image.Delete(StateKeys.NodeOrder("node-2"));
        Assert.IsType<DueMove.Begin>(Assert.Single(PlannedMoves.Look(image.Now, Due.AddMinutes(9))));
        // Nobody was there in the night: it does not move in the morning.
        Assert.Equal("switchover.missed", Assert.IsType<DueMove.GiveUp>(Assert.Single(PlannedMoves.Look(image.Now, Due.AddHours(6)))).Why.Rule);
    }

    [Fact]
    public void What_was_begun_and_came_to_nothing_is_taken_back()
    {
        image.Delete(StateKeys.PlannedMove("orders"));
        image.Put(StateKeys.Move("orders"), new MoveDocument("orders", "node-2", "operator/alice", "id", Due), StateJson.Default.DocumentMoveDocument);
        Assert.Empty(PlannedMoves.Look(image.Now, Due.AddMinutes(1)));
        Assert.Equal(TimeSpan.FromMinutes(1), PlannedMoves.Wait(image.Now, Due.AddMinutes(1)));
        Report(InstanceState.Stopping);
        Assert.Empty(PlannedMoves.Look(image.Now, Due.AddMinutes(3)));
        Report(InstanceState.Running);
        Assert.IsType<DueMove.TakeBack>(Assert.Single(PlannedMoves.Look(image.Now, Due.AddMinutes(3))));
        image.Delete(StateKeys.Move("orders"));
        Assert.Null(PlannedMoves.Wait(image.Now, Due));
    }

    private void Lead(string node, long epoch)
    {
        image.Put(StateKeys.Leader("orders"), new LeaderDocument("orders", node, epoch, node == "node-1" ? 1 : 2), StateJson.Default.DocumentLeaderDocument);
        image.Put(StateKeys.Epoch("orders"), new EpochDocument("orders", epoch, node, [], Due, ""), StateJson.Default.DocumentEpochDocument);
    }

    private void Report(InstanceState state) => image.Put(StateKeys.Report("node-1", "orders"), InstanceReport.Of("node-1", new InstanceStatus
    {
        Instance = "orders-0", Service = "orders", Release = 1, PackageDigest = "sha256:1", Incarnation = 1, Wanted = RunState.Running, State = state,
        Health = Core.Health.HealthState.Healthy, Reason = "", Since = Due,
    }), StateJson.Default.DocumentInstanceReport);
}
