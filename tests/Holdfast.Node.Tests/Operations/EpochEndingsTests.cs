using Holdfast.Core.Health;
using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;
using Holdfast.Node.Operations;

namespace Holdfast.Node.Tests.Operations;

public sealed class EpochEndingsTests
{
    private static readonly ServiceRecord Service = new() { Name = "worker", Release = 2, LastRelease = 2, Run = RunState.Running, Incarnation = 5, Operation = "x" };
    private static readonly ServiceShare Leads = new() { Here = true, Drives = true, Sight = null, Leading = (3, 7) };
    private static readonly ServiceShare Ends = new() { Here = false, Drives = true, Sight = null, Ends = 3 };

    private readonly EpochEndings endings = new();

    [Fact]
    public void Law04_an_instance_that_is_not_there_proves_nothing_before_the_order_to_remove_it_was_taken()
    {
        Assert.Null(endings.Look(Service, null, Ends));
        Assert.True(endings.Ordered(Service, Ends));
        Assert.Null(endings.Look(Service, Seen(InstanceState.Stopping), Ends));
        Assert.Equal(3, endings.Look(Service, null, Ends)!.Value.Epoch);
        // Of another epoch it is asked anew.
        Assert.Null(endings.Look(Service, null, Ends with { Ends = 4 }));
    }

    [Fact]
    public void What_is_at_rest_in_its_epoch_has_ended_and_what_lives_or_restarts_has_not()
    {
        foreach (var state in (InstanceState[])[InstanceState.Failed, InstanceState.Completed, InstanceState.Stopped])
            Assert.Equal(3, endings.Look(Service, Seen(state), Leads)!.Value.Epoch);
        foreach (var state in (InstanceState[])[InstanceState.Waiting, InstanceState.Starting, InstanceState.Running, InstanceState.Stopping, InstanceState.BackingOff, InstanceState.Paused])
            Assert.Null(endings.Look(Service, Seen(state), Leads));
    }

    [Fact]
    public void What_is_seen_of_another_epoch_start_or_release_says_nothing_of_this_one()
    {
        Assert.Null(endings.Look(Service, Seen(InstanceState.Failed) with { Epoch = 2 }, Leads));
        Assert.Null(endings.Look(Service, Seen(InstanceState.Failed) with { Incarnation = 4 }, Leads));
        Assert.Null(endings.Look(Service, Seen(InstanceState.Failed) with { Release = 1 }, Leads));
        Assert.Null(endings.Look(Service, null, Leads));
    }

    [Fact]
    public void A_service_that_is_removed_ends_its_epoch_when_its_instance_is_gone()
    {
        var removing = Service with { Removing = true, Run = RunState.Stopped };
        Assert.Null(endings.Look(removing, null, Leads));
        Assert.True(endings.Ordered(removing, Leads));
        Assert.Equal(3, endings.Look(removing, null, Leads)!.Value.Epoch);
    }

    private static InstanceStatus Seen(InstanceState state) => new()
    {
        Instance = "worker-0", Service = "worker", Release = 2, PackageDigest = "sha256:x", Incarnation = 5, Epoch = 3, Lease = 7, Wanted = RunState.Running, State = state,
        Health = HealthState.Unknown, Reason = "so it is", Since = DateTimeOffset.UnixEpoch,
    };
}
