using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;
using Holdfast.Packaging.Tests.Kit;
using static Holdfast.Node.Tests.Operations.TestAgent;

namespace Holdfast.Node.Tests.Operations;

/// <summary>Whoever follows an operation hears of its end, whatever the end is.</summary>
public sealed class FollowingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_operation_that_another_one_ended_is_told_to_have_failed()
    {
        await using var node = await TestNode.StartAsync();
        node.Supervisor.Becomes = _ => InstanceState.Starting;
        await node.Agent.SettledAsync(node.Agent.DeployAsync(await node.Shelf.PackageAsync("orders"), "slow"));
        var followed = LastAsync(node, "slow");

        await node.Agent.SettledAsync(node.Agent.Intake.StopAsync("orders", By("stop"), default));

        Assert.Equal((OperationPhase.Failed, "ended by a stop"), await followed.WaitAsync(Patience));
    }

    [Fact]
    public async Task An_operation_that_is_forgotten_and_a_store_that_is_gone_end_the_following()
    {
        await using var node = await TestNode.StartAsync();
        node.Supervisor.Becomes = _ => InstanceState.Starting;
        await node.Agent.SettledAsync(node.Agent.DeployAsync(await node.Shelf.PackageAsync("orders"), "slow"));
        await foreach (var step in node.Agent.Watch.FollowAsync("unknown", default))
            Law.Refused(step, "operation.unknown");

        var followed = Task.Run(async () =>
        {
            var told = 0;
            await foreach (var step in node.Agent.Watch.FollowAsync("slow", default))
            {
                if (step.IsOk)
                    told++;
                else
                    return (told, step.Problems[0].Rule);
            }

            return (told, "");
        });
        await node.Store.DisposeAsync();

        var (steps, rule) = await followed.WaitAsync(Patience);
        Assert.InRange(steps, 0, 2);
        Assert.Equal("store.unavailable", rule);
    }

    private static Task<(OperationPhase Phase, string Reason)> LastAsync(TestNode node, string id) => Task.Run(async () =>
    {
        var last = (OperationPhase.Applying, "");
        await foreach (var step in node.Agent.Watch.FollowAsync(id, default))
            last = (step.Value.Phase, step.Value.Reason);
        return last;
    });
}
