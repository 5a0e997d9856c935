using Holdfast.Core.Health;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Supervision;

/// <summary>
/// What an instance is told. Inputs about a process carry the number of its run: what comes late from an earlier run
/// is known as such and ignored.
/// </summary>
public abstract record Input
{
    private Input()
    {
    }

    /// <summary>The agent wants this (or the supervisor remembers that it did).</summary>
    public sealed record Applied(DesiredInstance Desired) : Input;

    /// <summary>The supervisor has begun and remembers the instance: on with what is wanted.</summary>
    public sealed record Resumed : Input;

    /// <summary>It is to be stopped and forgotten.</summary>
    public sealed record Removed : Input;

    /// <summary>The supervisor itself is about to end: stop, but stay wanted.</summary>
    public sealed record Halted : Input;

    /// <summary>What the instance comes after has changed; null: nothing is in the way any more.</summary>
    public sealed record AfterChanged(string? Blocker) : Input;

    /// <summary>The lease under which it acts is over.</summary>
    public sealed record Fenced(string Why) : Input;

    public sealed record Started(long Run, int Pid, long CreationTime) : Input;

    /// <summary>The process could not be started: no such command, no such user, port taken.</summary>
    public sealed record StartFailed(long Run, string Why) : Input;

    /// <summary>The process may not be started: what it is made of is not what was admitted (law 1).</summary>
    public sealed record StartRefused(long Run, string Why) : Input;

    /// <summary>The main process has ended. Note says what the supervisor knows beside the code, e.g. who has its port.</summary>
    public sealed record Exited(long Run, ExitInfo Exit, string? Note = null) : Input;

    /// <summary>The instance's containers are proven empty, hooks' and probes' included.</summary>
    public sealed record ContainerEmpty(long Run) : Input;

    public sealed record Probed(long Run, ProbeName Probe, ProbeVerdict Verdict) : Input;

    /// <summary>Failure is null when the hook succeeded, else it says what happened.</summary>
    public sealed record HookFinished(long Run, HookKind Hook, string? Failure) : Input;

    /// <summary>What was asked for a pause, or for its end, has an answer. Failure is null when it was done.</summary>
    public sealed record PauseAnswered(long Run, PauseAct Act, string? Failure) : Input;

    /// <summary>The service was told that it leads. Failure is null when it was, and has said yes where it can.</summary>
    public sealed record PromotionAnswered(long Run, string? Failure) : Input;

    /// <summary>Everything of it was suspended; whether it all stands still, the kernel says a moment later.</summary>
    public sealed record Suspended(long Run, bool Still) : Input;

    /// <summary>READY=1.</summary>
    public sealed record SaidReady(long Run) : Input;

    /// <summary>STATUS=.</summary>
    public sealed record SaidStatus(long Run, string Text) : Input;

    /// <summary>WATCHDOG=1.</summary>
    public sealed record SaidAlive(long Run) : Input;

    /// <summary>WATCHDOG=trigger: the service itself says that it is broken.</summary>
    public sealed record SaidBroken(long Run) : Input;

    /// <summary>STOPPING=1.</summary>
    public sealed record SaidStopping(long Run) : Input;

    /// <summary>EXTEND_TIMEOUT_USEC=.</summary>
    public sealed record SaidMoreTime(long Run, TimeSpan More) : Input;

    /// <summary>It said what it may not say (MAINPID=), or somebody did who is not of the instance.</summary>
    public sealed record SaidForbidden(long Run, string What) : Input;

    /// <summary>An operator's signal, name without SIG; the answer goes to Ticket.</summary>
    public sealed record SignalAsked(long Ticket, string Signal) : Input;

    /// <summary>An operator's reload; the answer goes to Ticket.</summary>
    public sealed record ReloadAsked(long Ticket) : Input;

    /// <summary>An operator's, or the service manager's; the answer goes to Ticket when it is paused, or is not.</summary>
    public sealed record PauseAsked(long Ticket) : Input;

    public sealed record ContinueAsked(long Ticket) : Input;

    /// <summary>Something happened around the instance that belongs into its events: output trouble and its end.</summary>
    public sealed record Noted(string Kind, string What) : Input;

    /// <summary>A moment that <see cref="Instance.NextDue"/> named has come.</summary>
    public sealed record TimePassed : Input;
}
