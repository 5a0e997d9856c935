namespace Holdfast.Platform;

/// <summary>Something the host noticed.</summary>
public abstract record HostEvent
{
    private HostEvent()
    {
    }

    /// <summary>A started process has ended and is reaped. Others of its container may live on.</summary>
    public sealed record Exited(ChildProcess Process, ProcessExit Exit) : HostEvent;

    /// <summary>The last process of the container is gone. Told once each time it becomes empty.</summary>
    public sealed record Emptied(IContainer Container) : HostEvent;

    /// <summary>A watched handle can be read (or written to, where that is watched for), or its other end is gone.</summary>
    public sealed record Readable(long Token) : HostEvent;
}
