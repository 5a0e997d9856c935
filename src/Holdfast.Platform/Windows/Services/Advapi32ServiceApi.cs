using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Services;

/// <summary>The real one.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class Advapi32ServiceApi : IServiceApi
{
    private const int ProcessInfo = 0;

    public uint OpenManager(uint access, out nint manager) => Handle(manager = Advapi32.OpenSCManager(null, null, access));

    public uint Create(nint manager, char* name, char* displayName, uint access, uint start, char* commandLine, char* dependencies, char* account, char* password, out nint service) =>
        Handle(service = Advapi32.CreateService(
            manager, name, displayName, access, WinSvc.SERVICE_WIN32_OWN_PROCESS, start, WinSvc.SERVICE_ERROR_NORMAL, commandLine, null, null, dependencies, account, password));

    public uint Open(nint manager, char* name, uint access, out nint service) => Handle(service = Advapi32.OpenService(manager, name, access));

    public uint Change(nint service, uint start, char* commandLine, char* dependencies, char* account, char* password, char* displayName) =>
        Result(Advapi32.ChangeServiceConfig(
            service, WinSvc.SERVICE_NO_CHANGE, start, WinSvc.SERVICE_NO_CHANGE, commandLine, null, null, dependencies, account, password, displayName));

    public uint Change2(nint service, uint level, void* info) => Result(Advapi32.ChangeServiceConfig2(service, level, info));

    public uint QueryConfig(nint service, byte* into, uint size, out uint needed) => Result(Advapi32.QueryServiceConfig(service, into, size, out needed));

    public uint QueryConfig2(nint service, uint level, byte* into, uint size, out uint needed) =>
        Result(Advapi32.QueryServiceConfig2(service, level, into, size, out needed));

    public uint SetSecurity(nint service, uint what, byte* descriptor) => Result(Advapi32.SetServiceObjectSecurity(service, what, descriptor));

    public uint QuerySecurity(nint service, uint what, byte* into, uint size, out uint needed) => Result(Advapi32.QueryServiceObjectSecurity(service, what, into, size, out needed));

    public uint QueryStatus(nint service, WinSvc.ServiceStatusProcess* status) =>
        Result(Advapi32.QueryServiceStatusEx(service, ProcessInfo, (byte*)status, (uint)sizeof(WinSvc.ServiceStatusProcess), out _));

    public uint List(nint manager, byte* into, uint size, out uint needed, out uint count, ref uint resume) =>
        Result(Advapi32.EnumServicesStatusEx(manager, ProcessInfo, WinSvc.SERVICE_WIN32, WinSvc.SERVICE_STATE_ALL, into, size, out needed, out count, ref resume, null));

    public uint ListDependents(nint service, byte* into, uint size, out uint needed, out uint count) =>
        Result(Advapi32.EnumDependentServices(service, WinSvc.SERVICE_ACTIVE, into, size, out needed, out count));

    public uint Start(nint service) => Result(Advapi32.StartService(service, 0, null));

    public uint Control(nint service, uint control)
    {
        WinSvc.ServiceStatus status;
        return Result(Advapi32.ControlService(service, control, &status));
    }

    public uint Delete(nint service) => Result(Advapi32.DeleteService(service));

    public void Close(nint handle) => Advapi32.CloseServiceHandle(handle);

    private static uint Handle(nint handle) => handle != 0 ? WindowsError.None : (uint)Marshal.GetLastPInvokeError();

    private static uint Result(int done) => done != 0 ? WindowsError.None : (uint)Marshal.GetLastPInvokeError();
}
