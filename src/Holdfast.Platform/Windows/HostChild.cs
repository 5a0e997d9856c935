using Holdfast.Platform.Windows.Jobs;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows;

/// <summary>A started process whose exit is not told yet. While it is held nobody else gets its number.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("windows")]
internal sealed record HostChild(ChildProcess Process, JobContainer Container, SafeProcessHandle Hold)
{
    /// <summary>By us, alone.</summary>
    public bool WasKilled { get; set; }
}
