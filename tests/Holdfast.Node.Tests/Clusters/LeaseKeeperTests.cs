using System.Collections.Concurrent;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.Tests.Operations;
using Holdfast.Platform;
using Holdfast.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>What the keeper of the node's lease tells the supervisor of the machine that it is on.</summary>
public sealed class LeaseKeeperTests
{
    [Fact]
    public async Task Law04_on_another_virtual_machine_nothing_new_is_let_in_before_a_renewal_that_was_sent_on_it()
    {
        await using var node = await TestNode.StartAsync();
        var (generation, told) = ("1", new ConcurrentQueue<string>());
        node.Supervisor.HeldBack = told.Enqueue;
        node.Supervisor.Extended = _ => told.Enqueue("extended");
        var holders = new LeaseHolders(node.Supervisor, NullLogger<LeaseHolders>.Instance);
        var keeper = new LeaseKeeper(node.Store, TimeSpan.FromSeconds(10), holders, BootClock.Instance, NullLogger<LeaseKeeper>.Instance) { Generation = () => Volatile.Read(ref generation) };
        using var ending = new CancellationTokenSource();
        Task[] keeping = [keeper.RunAsync(LeaseMachine.Begin, ending.Token), holders.RunAsync(ending.Token)];
        await Eventually.SeeAsync("a lease", () => told.Contains("extended"));
        Assert.Equal(["extended"], told.Distinct());

        Volatile.Write(ref generation, "2");
        await Eventually.SeeAsync("the doubt", () => told.Any(word => word.Contains("put back to a snapshot", StringComparison.Ordinal)));
        await Eventually.SeeAsync("the answer to the renewal after it", () => told.SkipWhile(word => word == "extended").Contains("extended"));
        await ending.CancelAsync();
        await Task.WhenAll(keeping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task The_supervisor_is_told_by_when_the_machine_must_have_been_reset_and_says_whether_it_can()
    {
        await using var node = await TestNode.StartAsync();
        var after = new ConcurrentQueue<TimeSpan>();
        node.Supervisor.WhyNoWatchdog = "/dev/watchdog is held by another process";
        node.Supervisor.Extended = hardAt => after.Enqueue(node.Supervisor.Watchdog!.ResetAt - hardAt);
        var (holders, changes) = (new LeaseHolders(node.Supervisor, NullLogger<LeaseHolders>.Instance), 0);
        holders.WatchdogChanged = () => Interlocked.Increment(ref changes);
        var keeper = new LeaseKeeper(node.Store, TimeSpan.FromSeconds(10), holders, BootClock.Instance, NullLogger<LeaseKeeper>.Instance) { Watchdog = "/dev/watchdog" };
        using var ending = new CancellationTokenSource();
        Task[] keeping = [keeper.RunAsync(LeaseMachine.Begin, ending.Token), holders.RunAsync(ending.Token)];
        await Eventually.SeeAsync("what the supervisor says", () => Volatile.Read(ref changes) == 1);
        Assert.Equal("/dev/watchdog is held by another process", holders.Watchdog!.Why);
        Assert.Equal(("/dev/watchdog", 7), (node.Supervisor.Watchdog!.Device, node.Supervisor.Watchdog.Seconds));
        // 85 and 70 % of 10 s from the same sending.
        Assert.All(after, late => Assert.Equal(TimeSpan.FromSeconds(1.5), late));

        node.Supervisor.WhyNoWatchdog = null;
        await Eventually.SeeAsync("that it can", () => Volatile.Read(ref changes) == 2);
        Assert.Null(holders.Watchdog!.Why);
        await ending.CancelAsync();
        await Task.WhenAll(keeping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task Who_asks_while_a_lease_is_being_given_up_hears_of_the_same_end()
    {
        await using var node = await TestNode.StartAsync();
        var holders = new LeaseHolders(node.Supervisor, NullLogger<LeaseHolders>.Instance);
        var keeper = new LeaseKeeper(node.Store, TimeSpan.FromSeconds(10), holders, BootClock.Instance, NullLogger<LeaseKeeper>.Instance);
        using var ending = new CancellationTokenSource();
        Task[] keeping = [keeper.RunAsync(LeaseMachine.Begin, ending.Token), holders.RunAsync(ending.Token)];
        await Eventually.SeeAsync("a lease", () => keeper.Lease is not null);
        var lease = keeper.Lease!.Value;

        Task<Outcome<Done>>[] asked = [keeper.GiveUpAsync(TimeSpan.FromMinutes(10), "the machine goes down"), keeper.GiveUpAsync(TimeSpan.FromMinutes(10), "somebody wants it so")];
        Assert.All(await Task.WhenAll(asked).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System), end => Assert.True(end.IsOk));
        Assert.Null(keeper.Lease);
        Assert.Equal("store.lease-gone", (await node.Store.KeepLeaseAsync(lease, default)).Problems[0].Rule);
        await ending.CancelAsync();
        await Task.WhenAll(keeping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }
}
