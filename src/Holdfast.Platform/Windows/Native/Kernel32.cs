using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Native;

/// <summary>kernel32.dll, under the names that Microsoft's documents use; a file for each of its themes.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Kernel32
{
    private const string Library = "kernel32";

    public const uint WAIT_OBJECT_0 = 0;
    public const uint INFINITE = 0xffffffff;

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CloseHandle(nint handle);

    [LibraryImport(Library, SetLastError = true)]
    public static partial uint WaitForSingleObject(SafeHandle handle, uint milliseconds);

    [LibraryImport(Library)]
    public static partial nint GetCurrentProcess();

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool DuplicateHandle(nint fromProcess, SafeHandle from, nint toProcess, out nint to, uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, uint options);

    public const uint DUPLICATE_SAME_ACCESS = 2;

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint GetStdHandle(int which);

    [LibraryImport(Library)]
    public static partial nint LocalFree(nint memory);

    [LibraryImport(Library)]
    public static partial ulong GetTickCount64();

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int QueryUnbiasedInterruptTime(ulong* time);

    [LibraryImport(Library)]
    public static partial uint GetActiveProcessorCount(ushort group);

    public const ushort ALL_PROCESSOR_GROUPS = 0xffff;
}
