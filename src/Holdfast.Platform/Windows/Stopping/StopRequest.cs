using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Holdfast.Platform.Windows.Processes;

namespace Holdfast.Platform.Windows.Stopping;

/// <summary>What the short-lived start of our executable does: see <see cref="ConsoleSignal"/>.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class StopRequest
{
    private const int Sent = 0;
    private const int Nobody = 1;
    private const int NotUnderstood = 2;

    public static int Run(IReadOnlyList<string> arguments)
    {
        if (arguments is not [var pidText, var createdText, var signal]
            || !int.TryParse(pidText, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            || !long.TryParse(createdText, NumberStyles.None, CultureInfo.InvariantCulture, out var created)
            || !StopSignals.IsRequest(signal))
            return NotUnderstood;
        // While we hold it nobody else gets its number.
        using var process = ProcessTable.Open(pid);
        if (process is null || ProcessTable.CreationTimeOf(process) != created || ProcessTable.HasEnded(process)) return Nobody;
        var sent = false;
        if (StopSignals.SendsInterrupt(signal)) sent |= ToConsole(pid, Kernel32.CTRL_C_EVENT);
        if (StopSignals.SendsBreak(signal)) sent |= ToConsole(pid, Kernel32.CTRL_BREAK_EVENT);
        if (StopSignals.ClosesWindows(signal)) sent |= CloseWindows(pid);
        return sent ? Sent : Nobody;
    }

    private static bool ToConsole(int pid, uint kind)
    {
        // Who starts us may have given us its console.
        Kernel32.FreeConsole();
        if (!Kernel32.AttachConsole(pid)) return false;
        // We are on it too, and are not meant.
        Kernel32.SetConsoleCtrlHandler((nint)(delegate* unmanaged<uint, int>)&Ignore, true);
        // Group 0: everybody on this console, which is the process's own and that of its children.
        var sent = Kernel32.GenerateConsoleCtrlEvent(kind, 0);
        Kernel32.FreeConsole();
        return sent;
    }

    private static bool CloseWindows(int pid)
    {
        var search = new Search { Pid = pid };
        User32.EnumWindows(&Close, (nint)(&search));
        return search.Closed > 0;
    }

    [UnmanagedCallersOnly]
    private static int Ignore(uint kind) => 1;

    [UnmanagedCallersOnly]
    private static int Close(nint window, nint context)
    {
        var search = (Search*)context;
        User32.GetWindowThreadProcessId(window, out var owner);
        if (owner == search->Pid && User32.PostMessage(window, User32.WM_CLOSE, 0, 0)) search->Closed++;
        return 1;
    }

    private struct Search
    {
        public int Pid;
        public int Closed;
    }
}
