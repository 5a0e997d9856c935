using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Tests.Running;

/// <summary>What is removed is gone for everybody at once, and what comes in its place is not taken for it.</summary>
public sealed class RemovalTests : IAsyncLifetime
{
    private const int Rounds = 100;

    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(("run", "exec sleep 1000"));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Who_waits_for_a_removal_is_told_of_it()
    {
        // Looked at in the turn in which it went, it was listed under the number of its last event: nobody was called again.
        using var inTime = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        var wanted = node.Wanted(node.Spec());
        for (var round = 0; round < Rounds; round++)
        {
            await node.ApplyAsync(wanted);
            await node.WaitRunningAsync();
            TestNode.AssertOk(await node.Client.RemoveAsync(wanted.Plan.Instance, inTime.Token));
            var seen = 0L;
            do
            {
                seen = await node.Client.WaitForChangeAsync(seen, inTime.Token);
            }
            while ((await node.Client.ListAsync(inTime.Token)).Value.Count > 0);
        }
    }

    [Fact]
    public async Task An_order_that_comes_while_the_old_one_goes_is_carried_out()
    {
        var wanted = node.Wanted(node.Spec());
        for (var round = 0; round < Rounds; round++)
        {
            await node.ApplyAsync(wanted);
            await node.WaitRunningAsync();
            TestNode.AssertOk(await node.Client.RemoveAsync(wanted.Plan.Instance, default));
            // At another moment of its end each time.
            for (var look = 0; look < round % 12; look++) await node.Client.ListAsync(default);
            await node.ApplyAsync(wanted);
            await TestNode.UntilAsync(
                async () => (await node.Client.ListAsync(default)).Value is [{ State: InstanceState.Running, Pid: { } pid }] && TestNode.IsAlive(pid),
                $"running again in round {round}");
        }
    }
}
