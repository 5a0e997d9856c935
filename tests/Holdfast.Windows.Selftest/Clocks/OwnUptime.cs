using System.Runtime.InteropServices;

namespace Holdfast.Windows.Selftest.Clocks;

internal static partial class OwnUptime
{
    public static long Milliseconds => (long)GetTickCount64();

    [LibraryImport("kernel32")]
    private static partial ulong GetTickCount64();
}
