namespace Holdfast.Node.Tests.Operations;

/// <summary>What a node says of itself where others see it.</summary>
public sealed class TellingTests
{
    [Fact]
    public async Task What_the_store_did_not_take_is_soon_said_again_though_nothing_wakes_the_node()
    {
        await using var node = await TestNode.StartAsync();
        var quiet = await node.Agent.Reconciler.PassAsync(default);
        var shares = new TestShares();
        node.Shares = shares;
        await node.RestartAgentAsync();
        shares.Taken = false;
        var wait = await node.Agent.Reconciler.PassAsync(default);
        Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        shares.Taken = true;
        Assert.Equal(quiet, await node.Agent.Reconciler.PassAsync(default));
        Assert.Equal(2, shares.Told);
    }
}
