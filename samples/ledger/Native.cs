using System.Runtime.InteropServices;

namespace Ledger;

/// <summary>What .NET has no word for. On Windows the nearest thing, or nothing.</summary>
internal static partial class Native
{
    private const int SegmentationFault = 11;

    public static void OwnSession()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetSid();
    }

    public static void CloseStandardError()
    {
        if (!OperatingSystem.IsWindows())
            _ = Close(2);
    }

    public static void DieOfSegmentationFault()
    {
        if (OperatingSystem.IsWindows())
            Marshal.WriteByte(1, 0);
        // The runtime's handler would make an exception of it: the default action first.
        _ = Signal(SegmentationFault, 0);
        _ = Kill(Environment.ProcessId, SegmentationFault);
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSid();

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint action);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
