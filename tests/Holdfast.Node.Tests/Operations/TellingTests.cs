using Holdfast.Core.Supervision;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Operation = Holdfast.Core.Operations.Operation;

namespace Holdfast.Node.Tests.Operations;

/// <summary>What a node says of itself where others see it.</summary>
public sealed class TellingTests
{
    [Fact]
    public async Task What_the_store_did_not_take_is_soon_said_again_though_nothing_wakes_the_node()
    {
        await using var node = await TestNode.StartAsync();
        var quiet = await node.Agent.Reconciler.PassAsync(default);
        var shares = new Telling();
        node.Shares = shares;
        await node.RestartAgentAsync();
        shares.Taken = false;
        var wait = await node.Agent.Reconciler.PassAsync(default);
        Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        shares.Taken = true;
        Assert.Equal(quiet, await node.Agent.Reconciler.PassAsync(default));
        Assert.Equal(2, shares.Told);
    }

    /// <summary>A node by itself, but for what the store takes.</summary>
    private sealed class Telling : IShares
    {
        private readonly OneNode one = new();

        public bool Taken { get; set; }

        public int Told { get; private set; }

        public bool Conducts => one.Conducts;

        public bool RemovesUnknown => one.RemovesUnknown;

        public ServiceShare Of(ServiceEntry entry, InstanceStatus? seen) => one.Of(entry, seen);

        public ServiceShare Unseen(ServiceEntry entry) => one.Unseen(entry);

        public bool Drives(Operation operation) => one.Drives(operation);

        public void Ended(string service, long epoch, string why) => one.Ended(service, epoch, why);

        public Task<bool> TellAsync(IReadOnlyList<InstanceStatus> seen, CancellationToken cancel)
        {
            Told++;
            return Task.FromResult(Taken);
        }
    }
}
