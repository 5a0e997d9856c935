using System.Runtime.InteropServices;

namespace Holdfast.Platform.Windows.Native;

internal static unsafe partial class Kernel32
{
    /// <param name="adjustment">Added to the clock at each interrupt, in 100 ns.</param>
    /// <param name="increment">Time between interrupts, in 100 ns.</param>
    /// <param name="isFree">Nobody adjusts it.</param>
    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetSystemTimeAdjustment(out uint adjustment, out uint increment, [MarshalAs(UnmanagedType.Bool)] out bool isFree);
}
