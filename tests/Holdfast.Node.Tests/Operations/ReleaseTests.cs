using Holdfast.Core.Auditing;
using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;
using Holdfast.Packaging.Tests.Kit;
using static Holdfast.Node.Tests.Operations.TestAgent;

namespace Holdfast.Node.Tests.Operations;

/// <summary>What is in a release: its ports, values and package, and going back to one.</summary>
public sealed class ReleaseTests
{
    [Fact]
    public async Task Assigned_ports_stay_over_releases_also_to_a_release_that_names_others_and_back()
    {
        await using var node = await TestNode.StartAsync();
        var web = await node.Shelf.PackageAsync("orders", "1.0.0", "ports: {web: auto}\n");
        var http = await node.Shelf.PackageAsync("orders", "2.0.0", "ports: {http: auto}\n");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(web, "one"));
        var port = node.Supervisor.Of("orders-0").Plan.Ports["web"];
        node.Supervisor.Becomes = wanted => wanted.Plan.Release == 2 ? InstanceState.Failed : InstanceState.Running;

        var failed = await node.Agent.SettledAsync(node.Agent.DeployAsync(http, "two"));

        Assert.EndsWith("release 1 is back", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(port, node.Supervisor.Of("orders-0").Plan.Ports["web"]);
        await node.Agent.SettledAsync(node.Agent.DeployAsync(http, "three"));
        Assert.Equal(["http"], node.Supervisor.Of("orders-0").Plan.Ports.Keys);
        Assert.NotEqual(port, node.Supervisor.Of("orders-0").Plan.Ports["http"]);
        await node.Agent.SettledAsync(node.Agent.Intake.RollbackAsync("orders", 1, By("four"), default));
        Assert.Equal(port, node.Supervisor.Of("orders-0").Plan.Ports["web"]);
    }

    [Fact]
    public async Task A_port_that_another_service_has_is_refused_also_when_both_come_at_once()
    {
        await using var node = await TestNode.StartAsync();
        var orders = await node.Shelf.PackageAsync("orders", more: "ports: {web: 8080}\n");
        var payments = await node.Shelf.PackageAsync("payments", more: "ports: {http: 8080}\n");

        var both = await Task.WhenAll(node.Agent.DeployAsync(orders, "one"), node.Agent.DeployAsync(payments, "two"));

        var refused = Law.Refused(both.Single(accepted => !accepted.IsOk), "port.declared-twice");
        Assert.Contains("8080", refused.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_keeps_the_values_of_the_release_it_repeats()
    {
        await using var node = await TestNode.StartAsync();
        var digest = await node.Shelf.PackageAsync("orders", more: "open: [environment]\nenvironment: {LEVEL: info}\n");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "one", Values("debug")));
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "two", Values("warn")));

        Assert.Equal(OperationPhase.Done, (await node.Agent.SettledAsync(node.Agent.Intake.RollbackAsync("orders", 0, By("back"), default))).Phase);

        Assert.Equal("debug", node.Supervisor.Of("orders-0").Plan.Environment["LEVEL"]);
        Assert.Equal([ReleaseState.Superseded, ReleaseState.Superseded, ReleaseState.Current], (await node.ReleasesAsync("orders")).Select(release => release.State));

        static string Values(string level) => $"apiVersion: holdfast/v1\nkind: Values\nenvironment: {{LEVEL: {level}}}\n";
    }

    [Fact]
    public async Task A_rollback_goes_to_a_failed_release_when_told_so_and_to_an_unknown_one_never()
    {
        await using var node = await TestNode.StartAsync();
        var digest = await node.Shelf.PackageAsync("orders");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "one"));
        Law.Refused(await node.Agent.Intake.RollbackAsync("orders", 0, By("none"), default), "release.none-before");
        Law.Refused(await node.Agent.Intake.RollbackAsync("orders", 7, By("seven"), default), "release.unknown");
        Law.Refused(await node.Agent.Intake.RollbackAsync("ordres", 1, By("typo"), default), "service.unknown");
        node.Supervisor.Becomes = wanted => wanted.Plan.Release == 2 ? InstanceState.Failed : InstanceState.Running;
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "two"));

        await node.Agent.SettledAsync(node.Agent.Intake.RollbackAsync("orders", 2, By("three"), default));

        var current = (await node.ReleasesAsync("orders")).Single(release => release.State == ReleaseState.Current);
        Assert.Equal((3, 2), (current.Number, current.RollbackOf));
    }

    [Fact]
    public async Task A_rollback_to_a_release_whose_package_is_gone_says_so_and_changes_nothing()
    {
        await using var node = await TestNode.StartAsync();
        var first = await node.Shelf.PackageAsync("orders", "1.0.0");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(first, "one"));
        await node.Agent.SettledAsync(node.Agent.DeployAsync(await node.Shelf.PackageAsync("orders", "2.0.0"), "two"));
        node.Shelf.Remove(first);

        Law.Refused(await node.Agent.Intake.RollbackAsync("orders", 0, By("back"), default), "release.package-gone");

        Assert.Equal([AuditOutcome.Refused], node.Recorded("back"));
        Assert.Equal(2, node.Supervisor.Of("orders-0").Plan.Release);
    }

    [Fact]
    public async Task A_service_whose_package_is_gone_holds_up_no_other_and_can_be_stopped_and_removed()
    {
        await using var node = await TestNode.StartAsync();
        var orders = await node.Shelf.PackageAsync("orders");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(orders, "one"));
        node.Shelf.Remove(orders);
        node.Supervisor.Forget();
        await node.RestartAgentAsync();

        Assert.Equal(OperationPhase.Done, (await node.Agent.SettledAsync(node.Agent.DeployAsync(await node.Shelf.PackageAsync("payments"), "two"))).Phase);

        Assert.Equal(OperationPhase.Failed, (await node.Agent.SettledAsync(node.Agent.Intake.RestartAsync("orders", By("again"), default))).Phase);
        Assert.Equal(OperationPhase.Done, (await node.Agent.SettledAsync(node.Agent.Intake.StopAsync("orders", By("stop"), default))).Phase);
        Assert.Equal(OperationPhase.Done, (await node.Agent.SettledAsync(node.Agent.Intake.RemoveAsync("orders", false, By("go"), default))).Phase);
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_harms_no_other_service_and_no_package()
    {
        await using var node = await TestNode.StartAsync();
        var orders = await node.Shelf.PackageAsync("orders");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(orders, "one"));
        await node.Store.CommitAsync(new() { Then = [new Storage.Operation.Put("/holdfast/v1/services/orders", Storage.Bytes.FromText("{"))] }, default);
        node.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(OperationPhase.Done, (await node.Agent.SettledAsync(node.Agent.DeployAsync(await node.Shelf.PackageAsync("payments"), "two"))).Phase);

        Assert.True(node.Shelf.Store.Find(orders).IsOk);
        Assert.Single((await node.Agent.Catalog.ListAsync(default)).Value.Damaged);
    }

    [Fact]
    public async Task A_removal_with_purge_takes_the_data_and_the_service_begins_anew()
    {
        await using var node = await TestNode.StartAsync();
        var digest = await node.Shelf.PackageAsync("orders");
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "one"));
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "two"));
        var data = Path.Combine(node.Home.Instances, "orders-0");
        Assert.True(Directory.Exists(data));

        await node.Agent.SettledAsync(node.Agent.Intake.RemoveAsync("orders", true, By("go"), default));

        Assert.False(Directory.Exists(data));
        Assert.Equal([AuditOutcome.Intended, AuditOutcome.Done], node.Recorded("go"));
        await node.Agent.SettledAsync(node.Agent.DeployAsync(digest, "three"));
        Assert.Equal([1], (await node.ReleasesAsync("orders")).Select(release => release.Number));
    }

    [Fact]
    public async Task Operations_of_long_ago_are_forgotten_and_the_store_with_them()
    {
        await using var node = await TestNode.StartAsync();
        await node.Agent.SettledAsync(node.Agent.DeployAsync(await node.Shelf.PackageAsync("orders"), "one"));
        await node.Agent.SettledAsync(node.Agent.Intake.RestartAsync("orders", By("two"), default));
        Assert.Equal(["one"], (await node.Agent.Catalog.ListPastAsync(default)).Value.Found.Select(operation => operation.Value.Id));
        Assert.True((await node.Agent.Housekeeping.TidyAsync(default)).IsOk);
        Assert.NotNull((await node.Agent.Catalog.FindOperationAsync("one", default)).Value);

        node.Clock.Advance(OperationRetention.Longest + TimeSpan.FromSeconds(1));
        Assert.True((await node.Agent.Housekeeping.TidyAsync(default)).IsOk);

        Assert.Null((await node.Agent.Catalog.FindOperationAsync("one", default)).Value);
        Assert.NotNull((await node.Agent.Catalog.FindOperationAsync("two", default)).Value);
        Law.Refused(await node.Store.RangeAsync(new(Storage.KeyRange.All) { Revision = 1 }, default), "store.compacted");
    }
}
