using System.Runtime.InteropServices;

namespace Holdfast.Windows.Selftest.Patients;

internal static partial class Handles
{
    private const int Inherit = 1;

    /// <summary>Whether the number is a handle of this process.</summary>
    public static bool IsOpen(nint handle) => GetHandleInformation(handle, out _);

    /// <summary>Children get it from whoever starts them without care.</summary>
    public static bool MakeInheritable(SafeHandle handle) => SetHandleInformation(handle, Inherit, Inherit);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetHandleInformation(nint handle, out int flags);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetHandleInformation(SafeHandle handle, int mask, int flags);
}
