using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Waiting;

/// <summary>An I/O completion port: one thread sleeps in it, and everything that it waits for leaves a packet there.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class CompletionPort : IDisposable
{
    public CompletionPort()
    {
        Handle = Kernel32.CreateIoCompletionPort(-1, 0, 0, 1);
        if (Handle.IsInvalid) throw Win32Error.Failure("make a completion port");
    }

    public SafeFileHandle Handle { get; }

    /// <summary>What is done through this handle leaves its packets here from now on; a handle can join one port in its life.</summary>
    /// <returns>0, or the error: INVALID_PARAMETER where it has joined one already.</returns>
    public int Join(SafeHandle file, nuint key) => Kernel32.JoinCompletionPort(file, Handle, key, 0) != 0 ? 0 : Win32Error.Last;

    public void Post(nuint key, nint what = 0) => Kernel32.PostQueuedCompletionStatus(Handle, 0, key, what);

    /// <returns>How many packets; 0 at the timeout.</returns>
    public int Wait(Span<Kernel32.Packet> packets, TimeSpan timeout)
    {
        var milliseconds = timeout < TimeSpan.Zero ? Kernel32.INFINITE : (uint)Math.Min(int.MaxValue, Math.Ceiling(timeout.TotalMilliseconds));
        fixed (Kernel32.Packet* into = packets)
        {
            if (Kernel32.GetQueuedCompletionStatusEx(Handle, into, (uint)packets.Length, out var count, milliseconds, false)) return (int)count;
        }

        var error = Win32Error.Last;
        return error == Win32Error.WAIT_TIMEOUT ? 0 : throw Win32Error.Failure("wait in a completion port", error);
    }

    public void Dispose() => Handle.Dispose();
}
