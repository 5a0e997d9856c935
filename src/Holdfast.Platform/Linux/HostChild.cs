using Holdfast.Platform.Linux.Containers;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>A started process until it is reaped.</summary>
internal sealed record HostChild(ChildProcess Process, LinuxContainer Container, SafeFileHandle Hold);
