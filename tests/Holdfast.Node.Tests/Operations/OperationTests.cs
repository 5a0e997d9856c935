using Holdfast.Core.Auditing;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Packaging.Tests.Kit;
using static Holdfast.Node.Tests.Operations.TestAgent;

namespace Holdfast.Node.Tests.Operations;

/// <summary>Deploys and rollbacks, and what gets into their way.</summary>
public sealed class OperationTests
{
    private static readonly AuditOutcome[] Done = [AuditOutcome.Intended, AuditOutcome.Done];
    private static readonly AuditOutcome[] Failed = [AuditOutcome.Intended, AuditOutcome.Failed];

    [Fact]
    public async Task Law11_the_same_request_id_is_the_same_operation_after_success_after_failure_and_at_once()
    {
        await using var node = await TestNode.StartAsync();
        var digest = await node.Shelf.PackageAsync("orders");
        var both = await Task.WhenAll(node.Agent.DeployAsync(digest, "one"), node.Agent.DeployAsync(digest, "one"));
        Assert.All(both, accepted => Assert.Equal("one", accepted.Value.Id));
        await node.Agent.SettleAsync();
        Assert.Equal(OperationPhase.Done, (await node.Agent.DeployAsync(digest, "one")).Value.Phase);

        node.Supervisor.Becomes = _ => InstanceState.Failed;
        Assert.Equal(OperationPhase.Failed, (await node.Agent.SettledAsync(node.Agent.Intake.RestartAsync("orders", By("two"), default))).Phase);
        Assert.Equal(OperationPhase.Failed, (await node.Agent.Intake.RestartAsync("orders", By("two"), default)).Value.Phase);

        Assert.Single(await node.ReleasesAsync("orders"));
        Assert.Equal(Done, node.Recorded("one"));
        Assert.Equal(Failed, node.Recorded("two"));
        Law.Refused(await node.Agent.Intake.StopAsync("orders", By("one"), default), "operation.request-id-used");
        Law.Refused(await node.Agent.Intake.StopAsync("orders", By("../../services/orders"), default), "operation.request-id");
    }

    [Fact]
    public async Task A_second_deploy_waits_for_the_first_to_end()
    {
        await using var node = await TestNode.StartAsync();
        node.Supervisor.Becomes = _ => InstanceState.Starting;
        var digest = await node.Shelf.PackageAsync("orders");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "one"));

        Law.Refused(await node.Agent.DeployAsync(digest, "two"), "operation.in-progress");
        Law.Refused(await node.Agent.Intake.RollbackAsync("orders", 1, By("three"), default), "operation.in-progress");

        node.Supervisor.Becomes = _ => InstanceState.Running;
        await node.Agent.SettleAsync();
        Assert.Equal(OperationPhase.Done, (await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "two"))).Phase);
        Assert.Equal([AuditOutcome.Refused, AuditOutcome.Intended, AuditOutcome.Done], node.Recorded("two"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_or_removal_ends_a_deploy_and_both_outcomes_are_recorded(bool remove)
    {
        await using var node = await TestNode.StartAsync();
        var digest = await node.Shelf.PackageAsync("orders");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "good"));
        node.Supervisor.Becomes = wanted => wanted.Plan.Release == 2 ? InstanceState.Starting : InstanceState.Running;
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "slow"));

        var intake = node.Agent.Intake;
        var ended = await node.Agent.SettledAsync(remove ? intake.RemoveAsync("orders", false, By("end"), default) : intake.StopAsync("orders", By("end"), default));

        Assert.Equal(OperationPhase.Done, ended.Phase);
        Assert.Equal(Failed, node.Recorded("slow"));
        Assert.Equal(Done, node.Recorded("end"));
        if (remove)
        {
            Assert.Null(await node.ServiceAsync("orders"));
            return;
        }

        Assert.Equal([ReleaseState.Current, ReleaseState.Failed], (await node.ReleasesAsync("orders")).Select(release => release.State));
        await node.Agent.SettledAsync(intake.StartAsync("orders", By("start"), default));
        Assert.Equal(1, node.Supervisor.Of("orders-0").Plan.Release);
    }

    [Fact]
    public async Task A_removal_under_way_is_not_ended_by_a_stop()
    {
        await using var node = await TestNode.StartAsync();
        await node.Agent.SettledAsync(node.Agent.DeployAsync(await node.Shelf.PackageAsync("orders"), "one"));
        node.Supervisor.StopsSlowly = true;
        await node.Agent.SettledAsync(node.Agent.Intake.RemoveAsync("orders", false, By("go"), default));

        Law.Refused(await node.Agent.Intake.StopAsync("orders", By("stop"), default), "operation.in-progress");

        node.Supervisor.StopsSlowly = false;
        await node.Agent.SettleAsync();
        Assert.Null(await node.ServiceAsync("orders"));
    }

    [Fact]
    public async Task A_failed_deploy_says_why_to_the_end_and_the_old_release_is_back()
    {
        await using var node = await TestNode.StartAsync();
        var digest = await node.Shelf.PackageAsync("orders");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "good"));
        node.Supervisor.Becomes = wanted => wanted.Plan.Release == 2 ? InstanceState.Failed : InstanceState.Running;

        var failed = await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "bad"));

        Assert.Equal((OperationPhase.Failed, "release 2 of orders failed: exit code 3; release 1 is back"), (failed.Phase, failed.Reason));
        Assert.Equal(1, node.Supervisor.Of("orders-0").Plan.Release);
        Assert.Equal(["release 2 of orders failed: exit code 3"], (await node.ReleasesAsync("orders")).Where(release => release.State == ReleaseState.Failed).Select(release => release.Reason));
    }

    [Fact]
    public async Task A_failed_deploy_of_a_stopped_service_leaves_it_stopped()
    {
        await using var node = await TestNode.StartAsync();
        var digest = await node.Shelf.PackageAsync("orders");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "good"));
        await node.Agent.SettledAsync(node.Agent.Intake.StopAsync("orders", By("stop"), default));
        node.Supervisor.Becomes = _ => InstanceState.Failed;

        var failed = await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "bad"));

        Assert.EndsWith("release 1 is back, stopped as before", failed.Reason, StringComparison.Ordinal);
        Assert.Equal((1, RunState.Stopped), (node.Supervisor.Of("orders-0").Plan.Release, node.Supervisor.Of("orders-0").Run));
    }

    [Fact]
    public async Task The_first_release_that_fails_stays_to_be_looked_at_and_is_current_once_it_is_ready()
    {
        await using var node = await TestNode.StartAsync();
        node.Supervisor.Becomes = _ => InstanceState.Failed;
        var failed = await node.Agent.SettledAsync(node.Agent.DeployAsync(await node.Shelf.PackageAsync("orders"), "bad"));
        Assert.Contains("no earlier release", failed.Reason, StringComparison.Ordinal);

        node.Supervisor.Becomes = _ => InstanceState.Running;
        await node.Agent.SettledAsync(node.Agent.Intake.StartAsync("orders", By("start"), default));

        Assert.Equal([ReleaseState.Current], (await node.ReleasesAsync("orders")).Select(release => release.State));
    }

    [Fact]
    public async Task A_release_that_the_supervisor_refuses_ends_the_deploy_and_the_running_one_is_not_touched()
    {
        await using var node = await TestNode.StartAsync();
        var digest = await node.Shelf.PackageAsync("orders");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "good"));
        node.Supervisor.Refuses = new(ProblemKind.Failed, "files.disk-full", "the disk is full");
        var before = node.Supervisor.Calls.Count;

        var failed = await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "two"));

        Assert.Equal("release 2 of orders failed: the disk is full; release 1 is back", failed.Reason);
        node.Supervisor.Refuses = null;
        await node.Agent.SettleAsync();
        Assert.Equal(before, node.Supervisor.Calls.Count);
    }

    [Fact]
    public async Task A_release_that_is_not_ready_in_time_is_given_up_also_when_the_supervisor_lost_it_meanwhile()
    {
        await using var node = await TestNode.StartAsync();
        var digest = await node.Shelf.PackageAsync("orders", more: "readyDeadline: 30s\n");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "good"));
        node.Supervisor.Becomes = wanted => wanted.Plan.Release == 2 ? InstanceState.Starting : InstanceState.Running;
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "slow"));
        node.Clock.Advance(TimeSpan.FromSeconds(31));

        // Lost and started anew, it has its whole time again; and nobody runs in circles over the deadline that has gone by.
        node.Supervisor.Forget();
        var wait = await node.Agent.SettleAsync();
        Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        node.Clock.Advance(TimeSpan.FromSeconds(31));
        await node.Agent.SettleAsync();
        Assert.Contains("not ready within 30 s", (await node.Agent.Catalog.FindOperationAsync("slow", default)).Value!.Reason, StringComparison.Ordinal);
        Assert.Equal(1, node.Supervisor.Of("orders-0").Plan.Release);
    }

    [Fact]
    public async Task A_supervisor_that_is_away_is_waited_for()
    {
        await using var node = await TestNode.StartAsync();
        node.Supervisor.Away = true;
        Assert.False((await node.Agent.SettledAsync(node.Agent.DeployAsync(await node.Shelf.PackageAsync("orders"), "one"))).IsFinished);
        node.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromSeconds(1), await node.Agent.SettleAsync());

        node.Supervisor.Away = false;
        await node.Agent.SettleAsync();
        Assert.Equal(Done, node.Recorded("one"));
    }
}
