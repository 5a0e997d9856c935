namespace Holdfast.Core.NativeServices;

/// <summary>How a service is paused.</summary>
public enum PauseWay
{
    /// <summary>A hook pauses it, another one continues it.</summary>
    Hooks,

    /// <summary>It is told by HTTP.</summary>
    Http,

    /// <summary>All its processes are suspended, without being asked.</summary>
    Suspend,
}
