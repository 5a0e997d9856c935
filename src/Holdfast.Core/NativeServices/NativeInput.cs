namespace Holdfast.Core.NativeServices;

/// <summary>What the machine is told: controls of the SCM, facts of the supervised instance, and the time.</summary>
public abstract record NativeInput
{
    private NativeInput()
    {
    }

    /// <summary>The handler was called. Codes without a name are a service's own.</summary>
    public sealed record Controlled(NativeControl Control) : NativeInput;

    /// <summary>What the service is has been read: once, before anything else of it.</summary>
    public sealed record Planned(NativeServicePlan Plan) : NativeInput;

    /// <summary>A step of a start or a stop was really made: a hook began or ended, the process was started, a probe succeeded, a tree was killed. Never a timer.</summary>
    /// <param name="What">The step, in a few words.</param>
    /// <param name="Within">The limit of what comes next, from now: by then there is another step, or an end.</param>
    public sealed record Progressed(string What, TimeSpan Within) : NativeInput;

    /// <summary>The instance is ready; again, after a restart by law 5.</summary>
    public sealed record BecameReady : NativeInput;

    /// <summary>The instance is being stopped for good, by somebody else than the SCM.</summary>
    public sealed record StopBegan(string Why) : NativeInput;

    /// <summary>Nothing of the instance runs any more: its container is proven empty.</summary>
    public sealed record Ended(NativeEnd End, string Why) : NativeInput;

    /// <summary>The instance is paused.</summary>
    public sealed record PauseDone : NativeInput;

    public sealed record PauseFailed(string Why) : NativeInput;

    /// <summary>What was paused is gone: it ended, and whatever is started in its place is not paused.</summary>
    public sealed record PauseLost(string Why) : NativeInput;

    /// <summary>The instance goes on after a pause.</summary>
    public sealed record ContinueDone : NativeInput;

    public sealed record ContinueFailed(string Why) : NativeInput;

    /// <summary>The supervisor's own work is done: the process only has to end.</summary>
    public sealed record HostClosed : NativeInput;

    /// <summary>The supervisor itself is broken and cannot go on.</summary>
    public sealed record HostFailed(string Why) : NativeInput;

    /// <summary>A moment that <see cref="NativeService.NextDue"/> named has come.</summary>
    public sealed record TimePassed : NativeInput;
}
