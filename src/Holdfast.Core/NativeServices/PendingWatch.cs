namespace Holdfast.Core.NativeServices;

/// <summary>
/// Waiting for a service by the SCM's own rule: as long as its checkpoint grows before its wait hint is over it is well, however long
/// that takes; and when not, it is stuck, however soon. Immutable: each look makes the next one.
/// </summary>
/// <param name="Goal">The state that is waited for.</param>
public sealed record PendingWatch(NativeState Goal)
{
    /// <summary>The SCM's own assumption about a service that has not reported yet.</summary>
    private static readonly TimeSpan LeastHint = TimeSpan.FromSeconds(2);

    private NativeStatus? Last { get; init; }

    private TimeSpan Since { get; init; }

    /// <param name="status">What the SCM says now.</param>
    /// <param name="now">On a clock that only goes forward.</param>
    public (PendingWatch Next, PendingVerdict Verdict) Look(NativeStatus status, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.State == Goal) return (this, new PendingVerdict.Reached());
        var moved = Last is null || Last.State != status.State || Last.Checkpoint != status.Checkpoint;
        var next = moved ? this with { Last = status, Since = now } : this;
        // A control may be on its way: what rests where it was is given the time of one that has not reported yet.
        var hint = status.IsPending && status.WaitHint > LeastHint ? status.WaitHint : LeastHint;
        if (now - next.Since < hint) return (next, new PendingVerdict.Waiting(next.Since + hint));
        return (next, status.IsPending ? new PendingVerdict.Stuck(status, now - next.Since) : new PendingVerdict.Elsewhere(status));
    }
}
