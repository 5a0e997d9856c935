using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Windows.Native;

/// <summary>The errors that we tell apart, and words for all.</summary>
[SupportedOSPlatform("windows")]
internal static class Win32Error
{
    public const int FILE_NOT_FOUND = 2;
    public const int PATH_NOT_FOUND = 3;
    public const int ACCESS_DENIED = 5;
    public const int INVALID_HANDLE = 6;
    public const int NOT_ENOUGH_MEMORY = 8;
    public const int SHARING_VIOLATION = 32;
    public const int LOCK_VIOLATION = 33;
    public const int HANDLE_DISK_FULL = 39;
    public const int INVALID_PARAMETER = 87;
    public const int BROKEN_PIPE = 109;
    public const int DISK_FULL = 112;
    public const int INSUFFICIENT_BUFFER = 122;
    public const int INVALID_NAME = 123;
    public const int BAD_EXE_FORMAT = 193;
    public const int FILENAME_EXCED_RANGE = 206;
    public const int EXE_MACHINE_TYPE_MISMATCH = 216;
    public const int ALREADY_EXISTS = 183;
    public const int PIPE_BUSY = 231;
    public const int NO_DATA = 232;
    public const int PIPE_NOT_CONNECTED = 233;
    public const int MORE_DATA = 234;
    public const int WAIT_TIMEOUT = 258;
    public const int DIRECTORY = 267;
    public const int PIPE_CONNECTED = 535;
    public const int ELEVATION_REQUIRED = 740;
    public const int OPERATION_ABORTED = 995;
    public const int IO_PENDING = 997;
    public const int NONE_MAPPED = 1332;
    public const int NOT_ENOUGH_QUOTA = 1816;

    public static int Last => Marshal.GetLastPInvokeError();

    public static string Describe(int error) => $"{Marshal.GetPInvokeErrorMessage(error).TrimEnd(' ', '.', '\r', '\n')} (error {error})";

    public static IOException Failure(string what) => Failure(what, Last);

    public static IOException Failure(string what, int error) => new($"{what}: {Describe(error)}", unchecked((int)0x80070000) | error);
}
