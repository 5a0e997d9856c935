using Holdfast.Core.Health;
using Holdfast.Core.Operations;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Operations;

public sealed class OperationMachineTests
{
    private static readonly DateTimeOffset T0 = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static ServiceRecord Service(int release, RunState run = RunState.Running, bool removing = false) => new()
    {
        Name = "payments", Release = release, LastRelease = 2, Run = run, Incarnation = 5, Operation = "op", Removing = removing,
    };

    private static Operation Op(OperationAction action, int release, int from = 0) => new()
    {
        Id = "op", Action = action, Service = "payments", Actor = "alice", StartedAt = T0, Release = release, From = from,
    };

    private static InstanceStatus Seen(int release, InstanceState state, bool ready = false, RunState wanted = RunState.Running, long incarnation = 5, DateTimeOffset? started = null, string reason = "because") => new()
    {
        Instance = "payments-0", Service = "payments", Release = release, PackageDigest = "sha256:00", Incarnation = incarnation, Wanted = wanted,
        State = state, Health = HealthState.Unknown, Reason = reason, Since = T0, Ready = ready, StartedAt = started,
    };

    [Fact]
    public void A_deploy_is_done_when_the_new_release_is_ready()
    {
        var step = OperationMachine.Next(Op(OperationAction.Deploy, 2, from: 1), Service(2), Seen(2, InstanceState.Running, ready: true), Deadline, T0);

        Assert.Equal(OperationPhase.Done, step.Operation.Phase);
        Assert.Equal(T0, step.Operation.FinishedAt);
        Assert.Equal(2, step.Service.Release);
    }

    [Fact]
    public void What_the_supervisor_says_of_the_old_release_is_not_taken_for_the_new_one()
    {
        var step = OperationMachine.Next(Op(OperationAction.Deploy, 2, from: 1), Service(2), Seen(1, InstanceState.Running, ready: true), Deadline, T0);

        Assert.Equal(OperationPhase.Applying, step.Operation.Phase);
    }

    [Fact]
    public void What_the_supervisor_says_of_the_start_before_is_not_taken_for_this_restart()
    {
        var step = OperationMachine.Next(Op(OperationAction.Restart, 2), Service(2), Seen(2, InstanceState.Running, ready: true, incarnation: 4), Deadline, T0);

        Assert.Equal(OperationPhase.Applying, step.Operation.Phase);
    }

    [Fact]
    public void A_release_that_is_not_ready_in_time_goes_back_and_the_operation_fails_when_the_old_one_is_there()
    {
        var op = Op(OperationAction.Deploy, 2, from: 1);
        var starting = OperationMachine.Next(op, Service(2), Seen(2, InstanceState.Starting, started: T0), Deadline, T0.AddSeconds(1));
        Assert.Equal(T0 + Deadline, starting.Operation.ReadyBy);

        var missed = OperationMachine.Next(starting.Operation, Service(2), Seen(2, InstanceState.Starting, started: T0, reason: "readiness fails"), Deadline, T0 + Deadline);
        Assert.Equal(OperationPhase.RollingBack, missed.Operation.Phase);
        Assert.Equal(1, missed.Service.Release);
        Assert.Equal(6, missed.Service.Incarnation);

        var back = OperationMachine.Next(missed.Operation, missed.Service, Seen(1, InstanceState.Running, ready: true, incarnation: 6), Deadline, T0.AddSeconds(70));
        Assert.Equal(OperationPhase.Failed, back.Operation.Phase);
        Assert.Equal("release 2 of payments failed: not ready within 60 s: readiness fails; release 1 is back", back.Operation.Reason);
    }

    [Fact]
    public void A_release_that_failed_goes_back_at_once()
    {
        var step = OperationMachine.Next(Op(OperationAction.Deploy, 2, from: 1), Service(2), Seen(2, InstanceState.Failed), Deadline, T0);

        Assert.Equal(OperationPhase.RollingBack, step.Operation.Phase);
        Assert.Equal(1, step.Service.Release);
    }

    [Fact]
    public void The_first_release_has_nothing_to_go_back_to_and_is_left_to_be_looked_at()
    {
        var step = OperationMachine.Next(Op(OperationAction.Deploy, 1), Service(1), Seen(1, InstanceState.Failed), Deadline, T0);

        Assert.Equal(OperationPhase.Failed, step.Operation.Phase);
        Assert.Equal(1, step.Service.Release);
        Assert.Contains("no earlier release", step.Operation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void When_the_old_release_does_not_come_back_either_the_reason_says_so()
    {
        var op = Op(OperationAction.Deploy, 2, from: 1) with { Phase = OperationPhase.RollingBack, Fault = "release 2 of payments failed: x" };
        var step = OperationMachine.Next(op, Service(1), Seen(1, InstanceState.Failed, reason: "exit code 3"), Deadline, T0);

        Assert.Equal(OperationPhase.Failed, step.Operation.Phase);
        Assert.Contains("did not come back either: exit code 3", step.Operation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_restart_changes_no_release()
    {
        var step = OperationMachine.Next(Op(OperationAction.Restart, 2), Service(2), Seen(2, InstanceState.Failed), Deadline, T0);

        Assert.Equal(OperationPhase.Failed, step.Operation.Phase);
        Assert.Equal(2, step.Service.Release);
    }

    [Theory]
    [InlineData(InstanceState.Stopping, false)]
    [InlineData(InstanceState.Running, false)]
    [InlineData(InstanceState.Stopped, true)]
    public void A_stop_is_done_when_the_container_is_proven_empty(InstanceState state, bool done)
    {
        var step = OperationMachine.Next(Op(OperationAction.Stop, 2), Service(2, RunState.Stopped), Seen(2, state, wanted: RunState.Stopped), Deadline, T0.AddHours(1));

        Assert.Equal(done, step.Operation.IsFinished);
    }

    [Fact]
    public void A_removal_is_done_when_the_supervisor_has_forgotten_the_instance()
    {
        var op = Op(OperationAction.Remove, 2);
        Assert.False(OperationMachine.Next(op, Service(2, removing: true), Seen(2, InstanceState.Stopping), Deadline, T0).Operation.IsFinished);
        Assert.Equal(OperationPhase.Done, OperationMachine.Next(op, Service(2, removing: true), null, Deadline, T0).Operation.Phase);
    }

    [Fact]
    public void Law11_a_finished_operation_stays_as_it_is()
    {
        var done = Op(OperationAction.Deploy, 2, from: 1) with { Phase = OperationPhase.Done, FinishedAt = T0 };

        Assert.Equal(done, OperationMachine.Next(done, Service(2), Seen(2, InstanceState.Failed), Deadline, T0.AddDays(1)).Operation);
    }

    [Fact]
    public void The_supervisor_is_told_only_what_it_does_not_want_already()
    {
        Assert.Equal(SupervisorOrder.Apply, Reconciliation.Decide(Service(2), null, SupervisorKind.Shared));
        Assert.Equal(SupervisorOrder.Apply, Reconciliation.Decide(Service(2), Seen(1, InstanceState.Running), SupervisorKind.Shared));
        Assert.Equal(SupervisorOrder.Apply, Reconciliation.Decide(Service(2), Seen(2, InstanceState.Running, incarnation: 4), SupervisorKind.Shared));
        Assert.Equal(SupervisorOrder.Apply, Reconciliation.Decide(Service(2, RunState.Stopped), Seen(2, InstanceState.Running), SupervisorKind.Shared));
        Assert.Equal(SupervisorOrder.None, Reconciliation.Decide(Service(2), Seen(2, InstanceState.BackingOff), SupervisorKind.Shared));
        Assert.Equal(SupervisorOrder.Remove, Reconciliation.Decide(Service(2, removing: true), Seen(2, InstanceState.Running), SupervisorKind.Shared));
        Assert.Equal(SupervisorOrder.None, Reconciliation.Decide(Service(2, removing: true), null, SupervisorKind.Shared));
    }

    [Fact]
    public void What_another_supervisor_is_to_keep_must_be_gone_from_the_first_before_the_second_is_given_it()
    {
        var shared = Seen(2, InstanceState.Running);
        var own = shared with { Supervisor = "orders" };
        Assert.Equal(SupervisorOrder.Leave, Reconciliation.Decide(Service(2), shared, SupervisorKind.Dedicated));
        Assert.Equal(SupervisorOrder.Leave, Reconciliation.Decide(Service(3), own with { State = InstanceState.Stopping }, SupervisorKind.Shared));
        Assert.Equal(SupervisorOrder.Apply, Reconciliation.Decide(Service(2), null, SupervisorKind.Dedicated));
        Assert.Equal(SupervisorOrder.None, Reconciliation.Decide(Service(2), own, SupervisorKind.Dedicated));
        // Where the spec cannot be read nothing is moved.
        Assert.Equal(SupervisorOrder.None, Reconciliation.Decide(Service(2), own, null));
    }

    [Fact]
    public void Why_a_release_failed_is_told_to_the_end_whatever_is_said_meanwhile()
    {
        var failing = OperationMachine.Next(Op(OperationAction.Deploy, 2, from: 1), Service(2), Seen(2, InstanceState.Failed, reason: "exit code 3"), Deadline, T0);
        var waiting = OperationMachine.Next(failing.Operation, failing.Service, null, Deadline, T0);
        var ended = OperationMachine.Next(waiting.Operation, waiting.Service, Seen(1, InstanceState.Running, ready: true, incarnation: 6), Deadline, T0);

        Assert.Equal("release 2 of payments failed: exit code 3; release 1 is back", ended.Operation.Reason);
    }

    [Fact]
    public void A_deadline_of_a_start_that_is_lost_does_not_count_for_the_next_one()
    {
        var step = OperationMachine.Next(Op(OperationAction.Deploy, 2, from: 1) with { ReadyBy = T0 }, Service(2), null, Deadline, T0.AddHours(1));

        Assert.Null(step.Operation.ReadyBy);
        Assert.False(step.Operation.IsFinished);
    }

    [Fact]
    public void A_release_that_never_reached_the_supervisor_leaves_the_running_one_untouched()
    {
        var step = OperationMachine.Obstructed(Op(OperationAction.Deploy, 2, from: 1), Service(2), Seen(1, InstanceState.Running, ready: true, incarnation: 4), "no package", T0);

        Assert.Equal((OperationPhase.RollingBack, 1, 4L), (step.Operation.Phase, step.Service.Release, step.Service.Incarnation));
        Assert.Equal(SupervisorOrder.None, Reconciliation.Decide(step.Service, Seen(1, InstanceState.Running, incarnation: 4), SupervisorKind.Shared));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 2)]
    public void What_is_interrupted_has_failed_and_an_unproven_release_is_not_left_behind_as_the_wanted_one(int from, int wanted)
    {
        var step = OperationMachine.Interrupted(Op(OperationAction.Deploy, 2, from), Service(2), OperationAction.Stop, T0);

        Assert.Equal((OperationPhase.Failed, "ended by a stop", wanted), (step.Operation.Phase, step.Operation.Reason, step.Service.Release));
    }
}
