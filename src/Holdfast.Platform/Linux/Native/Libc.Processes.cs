using System.Runtime.InteropServices;

namespace Holdfast.Platform.Linux.Native;

internal static partial class Libc
{
    public const int P_ALL = 0;
    public const int P_PID = 1;
    public const int P_PIDFD = 3;
    public const int WNOHANG = 1;
    public const int WEXITED = 4;
    public const int WNOWAIT = 0x01000000;

    public const int CLD_EXITED = 1;
    public const int CLD_DUMPED = 3;

    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGKILL = 9;
    public const int SIGCONT = 18;
    public const int SIGSTOP = 19;
    public const int SIGUSR1 = 10;
    public const int SIGUSR2 = 12;
    public const int SIGTERM = 15;
    public const int SIG_BLOCK = 0;
    public const int SIG_UNBLOCK = 1;
    public const int PRIO_PROCESS = 0;
    public const int PR_SET_DUMPABLE = 4;
    public const int PR_SET_CHILD_SUBREAPER = 36;
    public const int RLIMIT_CORE = 4;

    private const nint SYS_pidfd_send_signal = 424;
    private const nint SYS_pidfd_open = 434;

    /// <summary>siginfo_t as waitid fills it; the rest of its 128 bytes is not used.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct ChildInfo
    {
        [FieldOffset(8)]
        public int Code;

        [FieldOffset(16)]
        public int Pid;

        [FieldOffset(24)]
        public int Status;
    }

    [LibraryImport(Name, EntryPoint = "waitid", SetLastError = true)]
    public static unsafe partial int WaitId(int kind, nint id, ChildInfo* info, int options);

    [LibraryImport(Name, EntryPoint = "execve", SetLastError = true)]
    public static unsafe partial int Execute(byte* path, byte** arguments, byte** environment);

    /// <summary>Of the calling thread. Returns the error number.</summary>
    [LibraryImport(Name, EntryPoint = "pthread_sigmask")]
    public static unsafe partial int MaskSignals(int how, ulong* set, ulong* before);

    [LibraryImport(Name, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport(Name, EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport(Name, EntryPoint = "getpriority", SetLastError = true)]
    public static partial int GetPriority(int which, int who);

    /// <param name="limit">What holds now, and how far it may be raised.</param>
    [LibraryImport(Name, EntryPoint = "getrlimit", SetLastError = true)]
    public static unsafe partial int GetLimit(int resource, ulong* limit);

    [LibraryImport(Name, EntryPoint = "setrlimit", SetLastError = true)]
    public static unsafe partial int SetLimit(int resource, ulong* limit);

    public static int OpenProcess(int pid) => (int)SystemCall(SYS_pidfd_open, pid, 0, 0, 0);

    public static int SignalProcess(SafeHandle process, int signal)
    {
        var taken = false;
        try
        {
            process.DangerousAddRef(ref taken);
            return (int)SystemCall(SYS_pidfd_send_signal, process.DangerousGetHandle(), signal, 0, 0);
        }
        finally
        {
            if (taken)
                process.DangerousRelease();
        }
    }

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d);
}
