using Holdfast.Core.Health;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Supervision;

/// <summary>What an instance wants done, in order. The loop carries it out and tells the result as an <see cref="Input"/>.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Check the admission record, then start the main process; answered by Started, StartFailed or StartRefused.</summary>
    public sealed record StartProcess(long Run) : Effect;

    /// <summary>Answered by HookFinished (or StartRefused), unless KillContainer comes first.</summary>
    public sealed record RunHook(long Run, HookKind Hook) : Effect;

    /// <summary>To the main process.</summary>
    public sealed record Signal(int Pid, string Name) : Effect;

    /// <summary>Kill everything of the instance, hooks and probes too; answered by ContainerEmpty when that is proven.</summary>
    public sealed record KillContainer(long Run) : Effect;

    /// <summary>Answered by Probed.</summary>
    public sealed record RunProbe(long Run, ProbeName Probe) : Effect;

    /// <summary>Answers to probes that still run are not wanted any more.</summary>
    public sealed record StopProbes(long Run) : Effect;

    /// <summary>POST to the service, as its spec says for this; answered by PauseAnswered.</summary>
    public sealed record CallService(long Run, PauseAct Act) : Effect;

    /// <summary>All that runs of it acts under its lease from now on, and is killed at the deadline.</summary>
    public sealed record PutUnderLease(long Run) : Effect;

    /// <summary>Tell the service that it leads, by a signal or by POST with the epoch; answered by PromotionAnswered.</summary>
    public sealed record CallPromotion(long Run) : Effect;

    /// <summary>Let nothing of the main process's container run any more; answered by Suspended or PauseAnswered. Also asked again to look.</summary>
    public sealed record Suspend(long Run) : Effect;

    /// <summary>Let all of it run again; answered by PauseAnswered. Harmless where it runs.</summary>
    public sealed record LetRun(long Run) : Effect;

    /// <summary>Tell at once, and whenever it changes, what the instance has to wait for: AfterChanged.</summary>
    public sealed record LookAfter : Effect;

    /// <summary>Into the journal, before anybody is told.</summary>
    public sealed record WriteEvent(string Kind, string Reason, int? Pid = null, ExitInfo? Exit = null) : Effect;

    /// <summary>What must outlive the supervisor has changed: write it before the next effect.</summary>
    public sealed record Save : Effect;

    /// <summary>The instance is gone: delete what is kept of it.</summary>
    public sealed record Forget : Effect;

    /// <summary>An operator's question is answered; null is yes.</summary>
    public sealed record Reply(long Ticket, Problem? Problem) : Effect;
}
