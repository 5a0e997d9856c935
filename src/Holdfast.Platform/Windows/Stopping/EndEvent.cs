using System.Globalization;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Files;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Stopping;

/// <summary>An event that a process of ours makes under its own name, and that asks it to end: what a signal is elsewhere. The system, administrators and its own account may raise it.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class EndEvent
{
    private const uint EVENT_MODIFY_STATE = 2;

    /// <summary>Of this process.</summary>
    public static SafeWaitHandle Make()
    {
        using var descriptor = new SecurityDescriptor($"D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;{Sids.Own})");
        var attributes = descriptor.Attributes;
        using var own = Open(Environment.ProcessId);
        fixed (char* name = NameOf(Environment.ProcessId, Processes.ProcessTable.CreationTimeOf(own)))
        {
            var made = Kernel32.CreateEvent(&attributes, false, false, (nint)name);
            return made.IsInvalid ? throw Win32Error.Failure("make an event") : made;
        }
    }

    /// <summary>Does nothing where it hears nothing, or is gone.</summary>
    public static void Raise(int pid, long creationTime)
    {
        using var handle = Kernel32.OpenEvent(EVENT_MODIFY_STATE, false, NameOf(pid, creationTime));
        if (!handle.IsInvalid) Kernel32.SetEvent(handle);
    }

    private static string NameOf(int pid, long creationTime) => string.Create(CultureInfo.InvariantCulture, $@"Global\holdfast-end-{pid}-{creationTime}");

    private static SafeProcessHandle Open(int pid) => Processes.ProcessTable.Open(pid) ?? throw new InvalidOperationException("This process is not in the table.");
}
