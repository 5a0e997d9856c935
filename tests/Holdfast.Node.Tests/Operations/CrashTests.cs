using Holdfast.Core.Auditing;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Clocks;
using static Holdfast.Node.Tests.Operations.TestAgent;

namespace Holdfast.Node.Tests.Operations;

/// <summary>The agent is killed before and after each of its commits and orders in turn; the next agent brings everything to its end.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Law03_an_agent_that_dies_at_any_step_leaves_nothing_half_done_and_each_outcome_recorded_once()
    {
        var clock = new ManualClock(TestAuthority.Now);
        using var shelf = new PackageShelf(clock);
        string[] packages = [await shelf.PackageAsync("orders", "1.0.0"), await shelf.PackageAsync("orders", "2.0.0")];

        var steps = 0;
        while (await DiesAsync(shelf, clock, packages, steps + 1))
            steps++;

        // A commit that accepts, at least one that ends and one that notes, and an order, for each of five changes, and twice each.
        Assert.InRange(steps, 40, 200);
    }

    [Fact]
    public async Task Law11_a_move_between_supervisors_survives_the_agents_death_at_any_step_and_never_makes_two()
    {
        var clock = new ManualClock(TestAuthority.Now);
        using var shelf = new PackageShelf(clock);
        string[] packages = [await shelf.PackageAsync("orders", "1.0.0"), await shelf.PackageAsync("orders", "2.0.0", "supervisor: dedicated\n")];

        var steps = 0;
        while (await DiesWhileMovingAsync(shelf, clock, packages, steps + 1))
            steps++;

        // There and back: for each an acceptance, an order to go, an order to come, and an end that is noted.
        Assert.InRange(steps, 16, 100);
    }

    private static async Task<bool> DiesWhileMovingAsync(PackageShelf shelf, ManualClock clock, string[] packages, int at)
    {
        await using var node = await TestNode.StartAsync(shelf, clock, at);
        var died = false;
        foreach (var (id, package) in new[] { ("first", packages[0]), ("own", packages[1]), ("shared", packages[0]) })
        {
            async Task WholeAsync()
            {
                var accepted = await node.Agent.DeployAsync(package, id);
                Assert.True(accepted.IsOk, $"dead at {at}, {id}: {string.Join("; ", accepted.Problems)}");
                await node.Agent.SettleAsync();
            }

            if (!await node.Agent.AliveAsync(WholeAsync()))
            {
                died = true;
                await node.RestartAgentAsync();
                await WholeAsync();
            }

            var wanted = package == packages[1] ? SupervisorKind.Dedicated : SupervisorKind.Shared;
            Assert.Equal((at, id, wanted), (at, id, node.Supervisor.Of("orders-0").Plan.Spec.Supervisor));
        }

        Assert.Empty(node.Supervisor.Twice);
        Assert.Equal(2, node.Supervisor.Calls.Count(call => call.StartsWith("remove", StringComparison.Ordinal)));
        return died;
    }

    private static async Task<bool> DiesAsync(PackageShelf shelf, ManualClock clock, string[] packages, int at)
    {
        await using var node = await TestNode.StartAsync(shelf, clock, at);
        node.Supervisor.Becomes = wanted => wanted.Plan.Release == 2 ? InstanceState.Failed : InstanceState.Running;
        (string Id, Func<TestAgent, Task<Outcome<Operation>>> Do)[] changes =
        [
            ("first", agent => agent.DeployAsync(packages[0], "first")),
            ("bad", agent => agent.DeployAsync(packages[1], "bad")),
            ("again", agent => agent.DeployAsync(packages[1], "again")),
            ("back", agent => agent.Intake.RollbackAsync("orders", 0, By("back"), default)),
            ("stop", agent => agent.Intake.StopAsync("orders", By("stop"), default)),
        ];
        var died = false;
        foreach (var (id, change) in changes)
        {
            async Task WholeAsync()
            {
                var accepted = await change(node.Agent);
                Assert.True(accepted.IsOk, $"dead at {at}, {id}: {string.Join("; ", accepted.Problems)}");
                await node.Agent.SettleAsync();
            }

            if (await node.Agent.AliveAsync(WholeAsync()))
                continue;
            died = true;
            await node.RestartAgentAsync();
            // The client asks again, as it does: with the same id.
            await WholeAsync();
        }

        var releases = await node.ReleasesAsync("orders");
        Assert.Equal([ReleaseState.Superseded, ReleaseState.Failed, ReleaseState.Superseded, ReleaseState.Current], releases.Select(release => release.State));
        var entry = await node.ServiceAsync("orders");
        Assert.Equal((4, RunState.Stopped, true), (entry.Service.Value.Release, entry.Service.Value.Run, entry.Operation.Value.Recorded));
        Assert.Equal((4, RunState.Stopped), (node.Supervisor.Of("orders-0").Plan.Release, node.Supervisor.Of("orders-0").Run));

        node.Agent.Dispose();
        Assert.True(AuditVerifier.Verify(node.Home.Audit, [], default).Value.Whole, $"dead at {at}");
        var twice = 0;
        foreach (var id in changes.Select(change => change.Id))
        {
            var recorded = node.Recorded(id);
            var last = id == "bad" ? AuditOutcome.Failed : AuditOutcome.Done;
            // Dead between its intention and its acceptance, it is a change that failed and, asked for again, one that is made.
            if (recorded.Count == 4 && twice++ == 0)
                Assert.Equal([AuditOutcome.Intended, AuditOutcome.Failed, AuditOutcome.Intended, last], recorded);
            else
                Assert.True(recorded.SequenceEqual([AuditOutcome.Intended, last]), $"dead at {at}, {id}: {string.Join(", ", recorded)}");
        }

        return died;
    }
}
