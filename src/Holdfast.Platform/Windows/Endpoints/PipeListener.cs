using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Files;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Endpoints;

/// <summary>Instances of one named pipe: there is always one that nobody has connected to, so that whoever comes finds the name.</summary>
[SupportedOSPlatform("windows")]
internal sealed class PipeListener : LocalListener
{
    private const uint BufferBytes = 64 * 1024;

    private readonly Lock guard = new();
    private readonly string name;
    private readonly string access;
    private NamedPipeServerStream next;
    private bool disposed;

    private PipeListener(string name, string access, NamedPipeServerStream next) => (this.name, this.access, this.next) = (name, access, next);

    public override SafeHandle Handle => next.SafePipeHandle;

    public static new Outcome<LocalListener> Open(string path, string? group)
    {
        var access = Access(group);
        var name = PipeEndpoint.NameOf(path);
        var first = Make(name, access, Kernel32.FILE_FLAG_FIRST_PIPE_INSTANCE, out var error);
        if (first is not null) return new PipeListener(name, access, first);
        return error is Win32Error.ACCESS_DENIED or Win32Error.PIPE_BUSY
            ? new Problem(ProblemKind.Conflict, "endpoint.taken", $"Another process listens at {path} already.") { Why = $"it has made the pipe {name}" }
            : new Problem(ProblemKind.Failed, "endpoint.listen-failed", $"Cannot listen at {path}: {Win32Error.Describe(error)}");
    }

    /// <summary>Whose the pipe is, and who may connect. The network is kept out twice: by the pipe's mode and by this list.</summary>
    public static string Access(string? group) => AccessOf(group is null ? null : WindowsAccounts.SidOf(group));

    /// <param name="sid">Of those who may connect beside the system, administrators and our own account; null: nobody.</param>
    public static string AccessOf(string? sid)
    {
        var members = sid is not null ? $"(A;;0x{PipeEndpoint.ConnectRights:x};;;{sid})" : "";
        return $"O:{Sids.Own}D:P(D;;GA;;;NU)(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;{Sids.Own}){members}";
    }

    public override async Task<LocalConnection?> AcceptAsync()
    {
        var pipe = next;
        try
        {
            await pipe.WaitForConnectionAsync().ConfigureAwait(false);
        }
        catch (Exception) when (disposed)
        {
            return null;
        }
        catch (IOException)
        {
            // Somebody came and went before we looked: this instance is spent.
            Replace(pipe);
            pipe.Dispose();
            throw;
        }

        if (!Replace(pipe))
        {
            pipe.Dispose();
            return null;
        }

        try
        {
            return new LocalConnection(pipe, PipePeer.Client(pipe.SafePipeHandle));
        }
        catch (IOException)
        {
            pipe.Dispose();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        lock (guard)
        {
            disposed = true;
            next.Dispose();
        }
    }

    private static unsafe NamedPipeServerStream? Make(string name, string access, uint first, out int error)
    {
        using var descriptor = new SecurityDescriptor(access);
        var attributes = descriptor.Attributes;
        var handle = Kernel32.CreateNamedPipe(
            name,
            Kernel32.PIPE_ACCESS_DUPLEX | Kernel32.FILE_FLAG_OVERLAPPED | first,
            Kernel32.PIPE_REJECT_REMOTE_CLIENTS,
            Kernel32.PIPE_UNLIMITED_INSTANCES,
            BufferBytes,
            BufferBytes,
            0,
            &attributes);
        error = handle.IsInvalid ? Win32Error.Last : 0;
        if (error != 0)
        {
            handle.Dispose();
            return null;
        }

        var pipe = new SafePipeHandle(handle.DangerousGetHandle(), ownsHandle: true);
        // One owner: the stream closes it from now on.
        handle.SetHandleAsInvalid();
        return new(PipeDirection.InOut, isAsync: true, isConnected: false, pipe);
    }

    /// <summary>False: it was disposed of meanwhile.</summary>
    private bool Replace(NamedPipeServerStream spent)
    {
        lock (guard)
        {
            if (disposed) return false;
            if (next != spent) return true;
            next = Make(name, access, 0, out var error) ?? throw Win32Error.Failure($"listen on at the pipe {name}", error);
            return true;
        }
    }
}
