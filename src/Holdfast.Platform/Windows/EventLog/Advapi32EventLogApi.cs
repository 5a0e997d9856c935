using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.EventLog;

/// <summary>The Event Log of this machine.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class Advapi32EventLogApi : IEventLogApi
{
    public uint Open(string source, out nint log)
    {
        log = Advapi32.RegisterEventSource(null, source);
        return log == 0 ? (uint)Win32Error.Last : 0;
    }

    public uint Report(nint log, ushort type, uint id, ushort count, char** strings) =>
        Advapi32.ReportEvent(log, type, 0, id, null, count, 0, strings, null) == 0 ? (uint)Win32Error.Last : 0;

    public void Close(nint log) => _ = Advapi32.DeregisterEventSource(log);
}
