using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Linux.Native;

/// <summary>The error numbers that decide something here; every other one is only described.</summary>
[SupportedOSPlatform("linux")]
internal static class Errno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int ENXIO = 6;
    public const int E2BIG = 7;
    public const int ENOEXEC = 8;
    public const int ECHILD = 10;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int EBUSY = 16;
    public const int EEXIST = 17;
    public const int EXDEV = 18;
    public const int ENODEV = 19;
    public const int ENOTDIR = 20;
    public const int EINVAL = 22;
    public const int ETXTBSY = 26;
    public const int ENOSPC = 28;
    public const int EPIPE = 32;
    public const int ERANGE = 34;
    public const int ELOOP = 40;
    public const int ENOSYS = 38;
    public const int ENODATA = 61;
    public const int EOPNOTSUPP = 95;
    public const int EADDRINUSE = 98;
    public const int ENOBUFS = 105;
    public const int ECONNREFUSED = 111;
    public const int EINPROGRESS = 115;

    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>In words, as the C library says it.</summary>
    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>For what must not fail: a bug, or a machine out of memory or descriptors.</summary>
    public static IOException Failure(string what) => Failure(what, Last);

    public static IOException Failure(string what, int errno) => new($"{what}: {Describe(errno)} (errno {errno})", errno);
}
