using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Files;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Endpoints;

/// <summary>Who is at the other end of a pipe.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class PipePeer
{
    /// <summary>The current thread: a pseudo handle.</summary>
    private const nint CurrentThread = -2;

    /// <summary>
    /// By impersonating it for a moment, which is the one answer that its client cannot forge, whoever its process was started by. On the calling
    /// thread, with nothing in between.
    /// </summary>
    /// <exception cref="IOException">It does not let itself be identified, or is gone.</exception>
    public static PeerIdentity Client(SafeHandle pipe)
    {
        if (!Kernel32.GetNamedPipeClientProcessId(pipe, out var pid)) throw Win32Error.Failure("ask who is at the other end of a pipe");
        if (!Advapi32.ImpersonateNamedPipeClient(pipe)) throw Win32Error.Failure("identify who is at the other end of a pipe");
        SafeAccessTokenHandle token;
        int error;
        try
        {
            // As the process: under the client's identity we might not even see its own token.
            error = Advapi32.OpenThreadToken(CurrentThread, Advapi32.TOKEN_QUERY, true, out token) ? 0 : Win32Error.Last;
        }
        finally
        {
            // A thread of the pool that stays somebody else is a hole: then rather no process at all.
            if (!Advapi32.RevertToSelf()) Environment.FailFast("A thread cannot return to its own identity.");
        }

        using (token)
        {
            if (error != 0) throw Win32Error.Failure("read who is at the other end of a pipe", error);
            return Of(pid, token);
        }
    }

    /// <summary>Its process, and who owns the pipe: nobody gives away what is his, so a pipe of the system was made by the system, whoever may look at its process.</summary>
    public static PeerIdentity Server(SafeHandle pipe)
    {
        var pid = Kernel32.GetNamedPipeServerProcessId(pipe, out var found) ? found : 0;
        return AccessList.OwnerOf(pipe) is { } owner
            ? new(pid, Sids.RelativeId(owner), 0, Sids.NameOf(owner), []) { Sid = owner }
            : new(pid, 0, 0, "unknown", []);
    }

    private static PeerIdentity Of(int pid, SafeAccessTokenHandle token)
    {
        var sid = Sids.UserOf(token);
        var groups = Sids.GroupsOf(token);
        var numbers = groups.Select(Sids.RelativeId).ToList();
        return new(pid, Sids.RelativeId(sid), numbers.FirstOrDefault(), Sids.NameOf(sid), numbers) { Sid = sid, GroupSids = groups };
    }
}
