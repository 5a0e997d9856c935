using System.Runtime.InteropServices;

namespace Holdfast.Platform.Windows.Native;

/// <summary>The service control manager, for the service itself.</summary>
internal static unsafe partial class Advapi32
{
    /// <summary>Returns when the service has told STOPPED.</summary>
    [LibraryImport(Library, EntryPoint = "StartServiceCtrlDispatcherW", SetLastError = true)]
    public static partial int StartServiceCtrlDispatcher(WinSvc.ServiceTableEntry* table);

    [LibraryImport(Library, EntryPoint = "RegisterServiceCtrlHandlerExW", SetLastError = true)]
    public static partial nint RegisterServiceCtrlHandlerEx(char* name, delegate* unmanaged<uint, uint, nint, nint, uint> handler, nint context);

    /// <summary>The handle is not closed: it is the dispatcher's.</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static partial int SetServiceStatus(nint handle, WinSvc.ServiceStatus* status);
}
