using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Supervision;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Notify;

internal enum ReaderState
{
    /// <summary>Nobody has connected to it.</summary>
    Listening,

    /// <summary>Somebody has, and the next message is awaited.</summary>
    Reading,

    /// <summary>Whoever had connected is gone.</summary>
    Over,
}

/// <summary>One instance of a notify pipe: listens, then reads messages of whoever has connected. Everything is outstanding with one event.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class NotifyReader : IDisposable
{
    private readonly SafeFileHandle pipe;
    private readonly SafeWaitHandle signal;
    private readonly byte* buffer = (byte*)NativeMemory.Alloc(NotifyMessage.MaxBytes);
    private readonly Kernel32.Overlapped* outstanding = (Kernel32.Overlapped*)NativeMemory.AllocZeroed((nuint)sizeof(Kernel32.Overlapped));
    private bool isOutstanding;
    private bool isRest;

    public NotifyReader(SafeFileHandle pipe, SafeWaitHandle signal)
    {
        (this.pipe, this.signal) = (pipe, signal);
        Listen();
    }

    public ReaderState State { get; private set; } = ReaderState.Listening;

    /// <summary>0: not connected, or Windows does not say.</summary>
    public int SenderPid { get; private set; }

    /// <summary>Goes on where something has come to its end. Never waits.</summary>
    /// <param name="message">What has come; its bytes hold until the next call.</param>
    /// <returns>Whether anything has changed: another look at all readers is needed.</returns>
    public bool GoOn(out ReadOnlySpan<byte> message)
    {
        message = default;
        if (State == ReaderState.Over || (isOutstanding && !IsDone)) return false;
        if (State == ReaderState.Listening)
        {
            var failed = isOutstanding && !Result(out _, out _);
            isOutstanding = false;
            if (failed) return End();
            SenderPid = Kernel32.GetNamedPipeClientProcessId(pipe, out var pid) ? pid : 0;
            State = ReaderState.Reading;
            Read();
            return true;
        }

        isOutstanding = false;
        var whole = Result(out var length, out var error);
        if (!whole && error != Win32Error.MORE_DATA) return End();
        // What did not fit comes as if it were the next message, and is none.
        if (!isRest) message = new(buffer, (int)length);
        isRest = !whole;
        return true;
    }

    /// <summary>After a message was used.</summary>
    public void Read()
    {
        if (isOutstanding || State != ReaderState.Reading) return;
        *outstanding = new() { Event = signal.DangerousGetHandle() };
        isOutstanding = true;
        if (Kernel32.ReadFile(pipe, buffer, NotifyMessage.MaxBytes, null, outstanding) || Win32Error.Last is Win32Error.IO_PENDING or Win32Error.MORE_DATA) return;
        isOutstanding = false;
        End();
    }

    public void Dispose()
    {
        if (isOutstanding)
        {
            // Until it is over Windows writes to our memory.
            Kernel32.CancelIoEx(pipe, outstanding);
            _ = Kernel32.GetOverlappedResult(pipe, outstanding, out _, true);
        }

        pipe.Dispose();
        NativeMemory.Free(buffer);
        NativeMemory.Free(outstanding);
    }

    private bool IsDone => Volatile.Read(ref outstanding->Internal) != Ntdll.STATUS_PENDING;

    private void Listen()
    {
        *outstanding = new() { Event = signal.DangerousGetHandle() };
        isOutstanding = true;
        if (Kernel32.ConnectNamedPipe(pipe, outstanding)) return;
        switch (Win32Error.Last)
        {
            case Win32Error.IO_PENDING:
                return;
            case Win32Error.PIPE_CONNECTED:
                // Somebody was quicker: nothing is outstanding, and nothing raises the event.
                isOutstanding = false;
                Kernel32.SetEvent(signal);
                return;
            default:
                isOutstanding = false;
                End();
                return;
        }
    }

    private bool Result(out uint length, out int error)
    {
        var whole = Kernel32.GetOverlappedResult(pipe, outstanding, out length, false);
        error = whole ? 0 : Win32Error.Last;
        return whole;
    }

    private bool End()
    {
        State = ReaderState.Over;
        return true;
    }
}
