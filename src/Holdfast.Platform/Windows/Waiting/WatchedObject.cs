using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Waiting;

/// <summary>
/// A process, an event, or whatever else is signalled. Windows waits for many of them on few threads of its own, and the one that sees the
/// signal leaves a packet. We have a handle of our own, so that nobody's closing disturbs the wait.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WatchedObject : Watched
{
    private readonly SafeWaitHandle handle;
    private readonly Target* target;
    private nint wait;

    public WatchedObject(SafeHandle handle, CompletionPort port, nuint key, long token)
        : base(token)
    {
        if (!Kernel32.DuplicateHandle(Kernel32.GetCurrentProcess(), handle, Kernel32.GetCurrentProcess(), out var own, 0, false, Kernel32.DUPLICATE_SAME_ACCESS))
            throw Win32Error.Failure("duplicate a handle to wait for");
        this.handle = new(own, ownsHandle: true);
        target = (Target*)NativeMemory.Alloc((nuint)sizeof(Target));
        *target = new() { Port = port.Handle.DangerousGetHandle(), Key = key };
    }

    /// <summary>Its packet carries this.</summary>
    public nint Name => (nint)target;

    public override Sight Look() => new(Kernel32.WaitForSingleObject(handle, 0) == Kernel32.WAIT_OBJECT_0, false);

    public override bool Arm()
    {
        Unregister();
        if (!Kernel32.RegisterWaitForSingleObject(out wait, handle.DangerousGetHandle(), &Signalled, (nint)target, Kernel32.INFINITE, Kernel32.WT_EXECUTEONLYONCE | Kernel32.WT_EXECUTEINWAITTHREAD))
            throw Win32Error.Failure("wait for an object");
        return IsArmed = true;
    }

    /// <summary>No packet comes after this, unless it was left before.</summary>
    public override void Cancel() => Unregister();

    public override void Dispose()
    {
        Unregister();
        handle.Dispose();
        NativeMemory.Free(target);
    }

    private void Unregister()
    {
        // -1: when it returns, nobody of Windows' threads is in our callback any more.
        if (wait != 0) Kernel32.UnregisterWaitEx(wait, -1);
        wait = 0;
    }

    [UnmanagedCallersOnly]
    private static void Signalled(nint context, byte timedOut)
    {
        var target = (Target*)context;
        Kernel32.PostTo(target->Port, 0, target->Key, context);
    }

    private struct Target
    {
        public nint Port;
        public nuint Key;
    }
}
