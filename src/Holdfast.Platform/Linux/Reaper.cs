using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

/// <summary>waitid(2): collects how a child ended, of that child only.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class Reaper
{
    /// <summary>Null when it has not ended yet, or is not our child.</summary>
    public static ProcessExit? Reap(SafeHandle process, bool wait = false)
    {
        var taken = false;
        try
        {
            process.DangerousAddRef(ref taken);
            return Reap(Libc.P_PIDFD, process.DangerousGetHandle(), wait ? 0 : Libc.WNOHANG);
        }
        finally
        {
            if (taken)
                process.DangerousRelease();
        }
    }

    /// <summary>As above, for a child that nobody holds: a process whose parent ended and that became ours.</summary>
    public static ProcessExit? Reap(int pid) => Reap(Libc.P_PID, pid, Libc.WNOHANG);

    /// <summary>The PID of some child that has ended and is not reaped; it stays so. Null when there is none.</summary>
    public static int? Peek()
    {
        Libc.ChildInfo info = default;
        return Libc.WaitId(Libc.P_ALL, 0, &info, Libc.WEXITED | Libc.WNOHANG | Libc.WNOWAIT) == 0 && info.Pid != 0 ? info.Pid : null;
    }

    private static ProcessExit? Reap(int kind, nint id, int options)
    {
        Libc.ChildInfo info;
        int returned;
        do
        {
            info = default;
            returned = Libc.WaitId(kind, id, &info, Libc.WEXITED | options);
        }
        while (returned < 0 && Errno.Last == Errno.EINTR);

        if (returned < 0 || info.Pid == 0)
            return null;
        return info.Code == Libc.CLD_EXITED
            ? new(info.Status, null, CoreDumped: false)
            : new(null, SignalNames.NameOf(info.Status), CoreDumped: info.Code == Libc.CLD_DUMPED);
    }
}
