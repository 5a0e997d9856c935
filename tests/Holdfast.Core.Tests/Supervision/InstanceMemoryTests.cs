using System.Text.Json;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

public sealed class InstanceMemoryTests
{
    private static readonly Moment Now = new(TimeSpan.FromSeconds(500), DateTimeOffset.UnixEpoch);

    [Fact]
    public void Law05_what_has_failed_stays_failed_over_a_supervisor_and_gets_one_more_try_after_a_reboot()
    {
        var failed = Instance.New(Plans.Wanted(Plans.Spec), Now) with
        {
            Phase = new Phase.Failed(),
            Reason = "given up",
            Ledger = new RestartLedger { Attempts = [TimeSpan.FromSeconds(499)], Restarts = 3 },
        };
        var memory = RoundTrip(InstanceMemory.Of(failed, "boot-1", Now));

        var same = InstanceMemory.Restore(failed.Desired, memory, "boot-1", Now);
        Assert.IsType<Phase.Failed>(same.Phase);
        Assert.Equal("given up", same.Reason);
        Assert.Empty(InstanceMachine.Step(same, new Input.Resumed(), Now).Effects);

        var other = InstanceMemory.Restore(failed.Desired, memory, "boot-2", Now with { Clock = TimeSpan.FromSeconds(10) });
        Assert.Contains(InstanceMachine.Step(other, new Input.Resumed(), Now).Effects, e => e is Effect.StartProcess);
        Assert.Equal(TimeSpan.FromSeconds(9), Assert.Single(other.Ledger.Attempts));
        Assert.Equal(3, other.Ledger.Restarts);
    }

    [Fact]
    public void Law05_the_supervisors_own_death_does_not_count()
    {
        var running = Instance.New(Plans.Wanted(Plans.Spec), Now) with { Ledger = new RestartLedger { Restarts = 2, Attempts = [TimeSpan.FromSeconds(400)] } };
        var restored = InstanceMemory.Restore(running.Desired, RoundTrip(InstanceMemory.Of(running, "boot", Now)), "boot", Now);
        var step = InstanceMachine.Step(restored, new Input.Resumed(), Now);
        Assert.Contains(step.Effects, e => e is Effect.StartProcess);
        Assert.Equal(2, step.State.Ledger.Restarts);
        Assert.Single(step.State.Ledger.Attempts);
    }

    [Fact]
    public void Law11_a_removal_that_was_under_way_is_finished()
    {
        var leaving = Instance.New(Plans.Wanted(Plans.Spec), Now) with { Leaving = true };
        var restored = InstanceMemory.Restore(leaving.Desired, RoundTrip(InstanceMemory.Of(leaving, "boot", Now)), "boot", Now);
        var step = InstanceMachine.Step(restored, new Input.Resumed(), Now);
        Assert.IsType<Phase.Gone>(step.State.Phase);
        Assert.Contains(step.Effects, e => e is Effect.Forget);
    }

    [Fact]
    public void A_desired_instance_survives_its_file_and_is_the_same_whatever_the_order_of_keys()
    {
        var desired = Plans.Wanted(Plans.Spec);
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(desired, SupervisionJson.Default.DesiredInstance), SupervisionJson.Default.DesiredInstance)!;
        Assert.True(DesiredInstances.Same(desired, read));

        var turned = desired with { Plan = desired.Plan with { Environment = new Dictionary<string, string> { ["B"] = "2", ["A"] = "1" } } };
        Assert.True(DesiredInstances.Same(desired, turned));
        var other = desired with { Plan = desired.Plan with { Environment = new Dictionary<string, string> { ["A"] = "1" } } };
        Assert.False(DesiredInstances.Same(desired, other));
    }

    private static InstanceMemory RoundTrip(InstanceMemory memory) =>
        JsonSerializer.Deserialize(JsonSerializer.Serialize(memory, SupervisionJson.Default.InstanceMemory), SupervisionJson.Default.InstanceMemory)!;
}
