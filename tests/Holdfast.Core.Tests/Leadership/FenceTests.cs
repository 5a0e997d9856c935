using Holdfast.Core.Leadership;

namespace Holdfast.Core.Tests.Leadership;

/// <summary>How strong a fence is said to be: never more than is there.</summary>
public sealed class FenceTests
{
    private static readonly FenceFacts Bare = new("node-1", null, WatchdogIsReady: false, "", OwnSupervisor: false);
    private static readonly FenceFacts Guarded = Bare with { Node = "node-2", Watchdog = "/dev/watchdog", WatchdogIsReady = true };

    [Fact]
    public void Without_anything_the_supervisor_kills_and_no_more_is_said() => Has(Bare, "kill-only", "where the supervisor stands still");

    [Fact]
    public void A_watchdog_that_could_be_armed_counts() => Has(Guarded, "watchdog", "/dev/watchdog resets the machine");

    [Fact]
    public void A_paused_machine_is_covered_by_neither()
    {
        foreach (var facts in new[] { Bare, Guarded }) Assert.Contains("only where receivers check the epoch", Fence.Of(facts).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_was_not_tried_does_not_count() => Has(Guarded with { WatchdogIsReady = false }, "kill-only", "was not tried yet");

    [Fact]
    public void A_service_with_a_supervisor_of_its_own_has_none() => Has(Guarded with { OwnSupervisor = true }, "kill-only", "a supervisor of its own");

    /// <summary>Patroni's mode automatic goes on without the watchdog, and says so in a log.</summary>
    [Fact]
    public void One_that_cannot_be_had_does_not_count_and_its_node_does_not_lead()
    {
        var unfit = Guarded with { WatchdogIsReady = false, WhyNot = "/dev/watchdog is held by another process" };
        Has(unfit, "kill-only", "held by another process");
        Assert.False(Fence.Of(unfit).MayLead);
        Assert.Null(Fence.OfService([Fence.Of(unfit)]));
        // It does not weaken the service: it cannot lead it.
        Assert.Equal(FenceStrength.Watchdog, Fence.OfService([Fence.Of(unfit), Fence.Of(Guarded)])!.Strength);
    }

    [Fact]
    public void A_service_has_what_the_weakest_of_its_nodes_has()
    {
        var weakest = Fence.OfService([Fence.Of(Guarded), Fence.Of(Bare), Fence.Of(Guarded with { Node = "node-3" })]);
        Assert.Equal(("node-1", FenceStrength.KillOnly), (weakest!.Node, weakest.Strength));
    }

    private static void Has(FenceFacts facts, string word, string why)
    {
        var fence = Fence.Of(facts);
        Assert.Equal(word, fence.Word);
        Assert.Contains(why, fence.Why, StringComparison.Ordinal);
    }
}
