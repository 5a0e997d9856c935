using Holdfast.Core.Supervision;

namespace Holdfast.Core.NativeServices;

/// <summary>What a step of an instance means to the SCM: the one place that translates.</summary>
public static class InstanceFacts
{
    /// <returns>Facts in order; empty: the step means nothing to it.</returns>
    public static IReadOnlyList<NativeInput> Between(Instance before, Instance after, Moment now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var facts = new List<NativeInput>(2);
        if (IsEnding(after) && !IsEnding(before)) facts.Add(new NativeInput.StopBegan(after.Reason));
        if (before.Phase == after.Phase)
        {
            if (after.Phase is Phase.Starting starting && StartupDone(after) && !StartupDone(before))
                facts.Add(new NativeInput.Progressed("the startup probe has succeeded", starting.ReadyBy - now.Clock));
            return facts;
        }

        if (Pausing(before, after) is { } pausing)
        {
            facts.Add(pausing);
            // That it runs again says no more than that it goes on.
            if (after.Phase is Phase.Running or Phase.Paused or Phase.Continuing) return facts;
        }

        // Killed once more because it is not empty yet: a clock did that, and nothing has come of it.
        var again = before.Phase is Phase.Emptying was && after.Phase is Phase.Emptying still && (was.Empty, was.HookDone) == (still.Empty, still.HookDone);
        if (!again && Fact(before, after, now) is { } fact) facts.Add(fact);
        return facts;
    }

    /// <summary>What has become of a pause; null: nothing that the SCM has to know.</summary>
    private static NativeInput? Pausing(Instance before, Instance after) => (before.Phase, after.Phase) switch
    {
        (Phase.Pausing, Phase.Paused) => new NativeInput.PauseDone(),
        (Phase.Pausing, Phase.Continuing { Failure: { } why }) => new NativeInput.PauseFailed(why),
        (Phase.Continuing, Phase.Running) => new NativeInput.ContinueDone(),
        (Phase.Continuing, Phase.Paused) => new NativeInput.ContinueFailed(after.Reason),
        (Phase.Pausing or Phase.Paused or Phase.Continuing, Phase.Pausing or Phase.Paused or Phase.Continuing) => null,
        (Phase.Pausing or Phase.Paused or Phase.Continuing, _) when !IsEnding(after) => new NativeInput.PauseLost(after.Reason),
        _ => null,
    };

    private static NativeInput? Fact(Instance before, Instance instance, Moment now)
    {
        var hooks = (instance.Active ?? instance.Desired).Plan.Spec.Hooks;
        return instance.Phase switch
        {
            Phase.Preparing => Step(hooks.PreStart?.Timeout ?? NativeServiceLimits.InHandWithin),
            Phase.Launching => Step(NativeServiceLimits.InHandWithin),
            Phase.Starting starting => Step(starting.ReadyBy - now.Clock),
            Phase.Running => new NativeInput.BecameReady(),
            Phase.PreStopping => Step(hooks.PreStop?.Timeout ?? NativeServiceLimits.InHandWithin),
            Phase.Terminating terminating => Step(terminating.KillAt - now.Clock),
            Phase.Emptying emptying => Step(emptying.AgainAt - now.Clock),
            Phase.PostStopping => Step(hooks.PostStop?.Timeout ?? NativeServiceLimits.InHandWithin),
            Phase.BackingOff backing => Step(backing.Until - now.Clock + NativeServiceLimits.InHandWithin),
            Phase.Stopped or Phase.Gone => new NativeInput.Ended(new NativeEnd.Wanted(), instance.Reason),
            Phase.Completed => new NativeInput.Ended(new NativeEnd.Completed(), instance.Reason),
            Phase.Failed => new NativeInput.Ended(new NativeEnd.Failed(Cause(before.Phase)?.End), instance.Reason),
            // Waiting is not progress: what it waits for has its own.
            _ => null,
        };

        NativeInput.Progressed Step(TimeSpan within) => new(instance.Reason, within);
    }

    /// <summary>It is being stopped and will not be started again by itself. A tree that gives way to another one is none of the SCM's business.</summary>
    private static bool IsEnding(Instance instance) => instance.Phase.State == InstanceState.Stopping
        && (instance.Leaving || instance.Halting || instance.Desired.Run == RunState.Stopped);

    /// <summary>What it has failed of; its last exit may be an older story.</summary>
    private static RestartCause? Cause(Phase phase) => phase switch
    {
        Phase.Emptying emptying => emptying.Ending.Cause,
        Phase.PostStopping stopping => stopping.Ending.Cause,
        _ => null,
    };

    private static bool StartupDone(Instance instance) => instance.Health.Startup?.Succeeding == true;
}
