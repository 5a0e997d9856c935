using Holdfast.Core.NativeServices;

namespace Holdfast.Core.Tests.NativeServices;

public sealed class PendingWatchTests
{
    [Fact]
    public void A_start_that_makes_progress_is_waited_for_however_long_it_takes()
    {
        var watch = new PendingWatch(NativeState.Running);
        for (var i = 0; i < 1000; i++)
        {
            (watch, var verdict) = watch.Look(Pending(NativeState.StartPending, i, 10), TimeSpan.FromSeconds(i * 9));
            Assert.Equal(new PendingVerdict.Waiting(TimeSpan.FromSeconds((i * 9) + 10)), verdict);
        }

        Assert.IsType<PendingVerdict.Reached>(watch.Look(Resting(NativeState.Running), TimeSpan.FromSeconds(9000)).Verdict);
    }

    [Fact]
    public void A_start_that_stands_still_is_stuck_when_its_own_promise_is_over()
    {
        var status = Pending(NativeState.StartPending, 4, 10);
        var (watch, _) = new PendingWatch(NativeState.Running).Look(status, TimeSpan.Zero);
        Assert.IsType<PendingVerdict.Waiting>(watch.Look(status, TimeSpan.FromSeconds(9)).Verdict);
        Assert.Equal(new PendingVerdict.Stuck(status, TimeSpan.FromSeconds(10)), watch.Look(status, TimeSpan.FromSeconds(10)).Verdict);
    }

    [Fact]
    public void A_start_that_ends_in_stopped_is_not_waited_for()
    {
        var (watch, _) = new PendingWatch(NativeState.Running).Look(Pending(NativeState.StartPending, 1, 60), TimeSpan.Zero);
        var stopped = Resting(NativeState.Stopped) with { Exit = new NativeExit(WindowsError.ServiceSpecific, 3) };
        (watch, var verdict) = watch.Look(stopped, TimeSpan.FromSeconds(1));
        Assert.IsType<PendingVerdict.Waiting>(verdict);
        Assert.Equal(new PendingVerdict.Elsewhere(stopped), watch.Look(stopped, TimeSpan.FromSeconds(3)).Verdict);
    }

    private static NativeStatus Pending(NativeState state, int checkpoint, int seconds) => new(state, AcceptedControls.None, checkpoint, TimeSpan.FromSeconds(seconds), NativeExit.Success);

    private static NativeStatus Resting(NativeState state) => new(state, AcceptedControls.None, 0, TimeSpan.Zero, NativeExit.Success);
}
