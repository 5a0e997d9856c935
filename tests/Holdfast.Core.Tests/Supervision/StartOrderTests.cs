using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

public sealed class StartOrderTests
{
    [Fact]
    public void What_is_not_ready_is_waited_for_and_named()
    {
        var node = Node(("app", Waits("db"), true, false, false), ("db", [], true, true, false));
        Assert.Equal("waits for db to be ready (it is starting)", StartOrder.Blocker("app", node));
    }

    [Fact]
    public void Started_is_enough_where_started_is_asked_for() =>
        Assert.Null(StartOrder.Blocker("app", Node(("app", [new AfterSpec("db", AfterCondition.Started)], true, false, false), ("db", [], true, true, false))));

    [Fact]
    public void Who_is_not_on_the_node_or_not_wanted_is_not_waited_for()
    {
        Assert.Null(StartOrder.Blocker("app", Node(("app", Waits("elsewhere"), true, false, false))));
        Assert.Null(StartOrder.Blocker("app", Node(("app", Waits("db"), true, false, false), ("db", [], false, false, false))));
    }

    [Fact]
    public void A_circle_does_not_wait_within_itself_but_for_those_outside()
    {
        var node = Node(("a", Waits("b"), true, false, false), ("b", Waits("a", "db"), true, false, false), ("db", [], true, false, false));
        Assert.Null(StartOrder.Blocker("a", node));
        Assert.Equal("waits for db to be ready (it is starting)", StartOrder.Blocker("b", node));
    }

    [Fact]
    public void Stopping_goes_the_other_way_round()
    {
        var node = Node(("app", Waits("db"), true, true, true), ("db", [], true, true, true));
        var running = new HashSet<string> { "app", "db" };
        Assert.False(StartOrder.MayStop("db", node, running));
        Assert.True(StartOrder.MayStop("app", node, running));
        running.Remove("app");
        Assert.True(StartOrder.MayStop("db", node, running));
    }

    private static IReadOnlyList<AfterSpec> Waits(params string[] services) => [.. services.Select(s => new AfterSpec(s))];

    private static Dictionary<string, ServiceProgress> Node(params (string Name, IReadOnlyList<AfterSpec> After, bool Wanted, bool Started, bool Ready)[] services) =>
        services.ToDictionary(s => s.Name, s => new ServiceProgress(s.After, s.Wanted, s.Started, s.Ready, "starting"));
}
