namespace Holdfast.Core.NativeServices;

/// <summary>What the machine wants done, in order, on another thread than the handler's: the handler has returned by then.</summary>
public abstract record NativeEffect
{
    private NativeEffect()
    {
    }

    /// <summary>Stop the instance by its own rules; answered by Progressed and Ended.</summary>
    /// <param name="By">Then <see cref="KillInstance"/> comes: what does not fit before may be left out.</param>
    public sealed record StopInstance(TimeSpan By, string Why) : NativeEffect
    {
        /// <summary>The machine ends, and not the service alone.</summary>
        public bool MachineGoesDown { get; init; }
    }

    /// <summary>Kill the instance's container at once; answered by Ended when it is proven empty.</summary>
    public sealed record KillInstance(string Why) : NativeEffect;

    /// <summary>Answered by PauseDone or PauseFailed.</summary>
    public sealed record PauseInstance(TimeSpan By) : NativeEffect;

    /// <summary>Answered by ContinueDone or ContinueFailed. Also what takes back a pause that failed: it may have come half-way.</summary>
    public sealed record ContinueInstance(TimeSpan By) : NativeEffect;

    /// <summary>Make the instance read its configuration again; how that went is an event of the instance.</summary>
    public sealed record ReloadInstance : NativeEffect;

    /// <summary>Finish the supervisor's own work, so that nothing is left to do; answered by HostClosed.</summary>
    public sealed record CloseHost(TimeSpan By) : NativeEffect;

    /// <summary>End this process at once, without STOPPED: for the SCM a crash, which its recovery actions mend.</summary>
    public sealed record Abandon(string Why) : NativeEffect;
}
