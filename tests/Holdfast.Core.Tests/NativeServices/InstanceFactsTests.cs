using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Supervision;
using Holdfast.Core.Tests.Supervision;

namespace Holdfast.Core.Tests.NativeServices;

/// <summary>The supervision of an instance and the SCM's view of it, joined.</summary>
public sealed class InstanceFactsTests
{
    [Fact]
    public void Whatever_happens_to_an_instance_the_wire_is_kept() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var native = new NativeLife(seed, new NativeServicePlan { StopWithin = TimeSpan.FromSeconds(50), Pause = PauseWay.Suspend, PauseWithin = TimeSpan.FromSeconds(15) });
        Instance? before = null;
        var life = new RandomLife(seed)
        {
            Between = (after, now) =>
            {
                foreach (var fact in InstanceFacts.Between(before ?? after, after, now)) native.Feed(fact);
                before = after;
                if (native.Scm.Seen.State == NativeState.Paused)
                    Assert.True(after.Phase is Phase.Paused or Phase.Continuing, $"the SCM sees Paused, and it is {after.Phase}");
                return after;
            },
        };
        life.Live(seed % 90);
        life.Cooperate(new Input.Halted());
        if (native.State.Phase is NativePhase.Closing) native.Feed(new NativeInput.HostClosed());
        var told = life.State.Phase is Phase.Stopped or Phase.Failed or Phase.Completed && before!.Run > 0;
        if (told) Assert.True(native.Scm.HasEnded, $"{life.State.Phase}, and the SCM sees {native.Scm.Seen.State}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_tree_that_does_not_die_is_no_progress_however_often_it_is_killed()
    {
        var emptying = new Phase.Emptying(new Ending(null, "wanted stopped"), Empty: false, TimeSpan.FromSeconds(5), Told: false, HookDone: false);
        var before = Instance.New(Plans.Wanted(Plans.Spec, RunState.Stopped), default) with { Phase = emptying };
        var after = before with { Phase = emptying with { AgainAt = TimeSpan.FromSeconds(10), Told = true } };
        Assert.Empty(InstanceFacts.Between(before, after, default));
        Assert.NotEmpty(InstanceFacts.Between(before, before with { Phase = emptying with { Empty = true } }, default));
    }

    [Fact]
    public void A_restart_by_law_5_is_none_of_the_scms_business()
    {
        var running = Instance.New(Plans.Wanted(Plans.Spec), default) with { Phase = new Phase.Running() };
        var cause = new RestartCause.Liveness("no answer");
        var ending = running with { Phase = new Phase.Terminating(new Ending(cause, "no answer"), TimeSpan.FromSeconds(15)) };
        Assert.DoesNotContain(InstanceFacts.Between(running, ending, default), fact => fact is NativeInput.StopBegan);
        var wanted = ending with { Desired = Plans.Wanted(Plans.Spec, RunState.Stopped) };
        Assert.Contains(InstanceFacts.Between(ending, wanted, default), fact => fact is NativeInput.StopBegan);
    }

    /// <summary>nssm shows PAUSED for what is restarted: ours shows it for what was paused, and proven to be.</summary>
    [Fact]
    public void A_pause_is_told_when_it_is_made_and_when_it_is_lost()
    {
        var running = Instance.New(Plans.Wanted(Plans.Spec), default) with { Phase = new Phase.Running() };
        var pausing = running with { Phase = new Phase.Pausing(TimeSpan.FromSeconds(9), null) };
        var paused = running with { Phase = new Phase.Paused() };
        var continuing = running with { Phase = new Phase.Continuing(TimeSpan.FromSeconds(9), null), Reason = "it is to go on" };
        var undoing = running with { Phase = new Phase.Continuing(TimeSpan.FromSeconds(9), "the hook failed") };
        var crashed = running with { Phase = new Phase.Emptying(new Ending(new RestartCause.Liveness("x"), "x"), false, default, false, false), Reason = "exit code 1" };
        Assert.Empty(InstanceFacts.Between(running, pausing, default));
        Assert.Equal([new NativeInput.PauseDone()], InstanceFacts.Between(pausing, paused, default));
        Assert.Equal([new NativeInput.PauseFailed("the hook failed")], InstanceFacts.Between(pausing, undoing, default));
        Assert.Empty(InstanceFacts.Between(paused, continuing, default));
        Assert.Equal([new NativeInput.ContinueDone()], InstanceFacts.Between(continuing, running, default));
        Assert.Equal([new NativeInput.ContinueFailed("still paused")], InstanceFacts.Between(continuing, paused with { Reason = "still paused" }, default));
        foreach (var one in new[] { pausing, paused, continuing })
        {
            Assert.Contains(new NativeInput.PauseLost("exit code 1"), InstanceFacts.Between(one, crashed, default));
            Assert.DoesNotContain(InstanceFacts.Between(one, crashed with { Halting = true }, default), fact => fact is NativeInput.PauseLost);
        }
    }

    [Fact]
    public void The_exit_that_is_told_is_the_one_that_it_failed_of()
    {
        var old = new ExitInfo(3, null, false, DateTimeOffset.UnixEpoch);
        var refused = Instance.New(Plans.Wanted(Plans.Spec), default) with
        {
            LastExit = old,
            Phase = new Phase.Emptying(new Ending(new RestartCause.Start("changed"), "changed", Refusal: true), false, default, false, false),
        };
        var fact = Assert.Single(InstanceFacts.Between(refused, refused with { Phase = new Phase.Failed() }, default));
        Assert.Equal(NativeExit.Unexpected, NativeExit.Of(Assert.IsType<NativeInput.Ended>(fact).End));
    }
}
