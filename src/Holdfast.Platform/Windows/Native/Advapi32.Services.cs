using System.Runtime.InteropServices;

namespace Holdfast.Platform.Windows.Native;

/// <summary>The service control manager, for those who manage services.</summary>
internal static unsafe partial class Advapi32
{
    [LibraryImport(Library, EntryPoint = "OpenSCManagerW", SetLastError = true)]
    public static partial nint OpenSCManager(char* machine, char* database, uint access);

    [LibraryImport(Library, EntryPoint = "CreateServiceW", SetLastError = true)]
    public static partial nint CreateService(
        nint manager, char* name, char* displayName, uint access, uint type, uint start, uint errorControl, char* commandLine, char* group, uint* tag, char* dependencies, char* account, char* password);

    [LibraryImport(Library, EntryPoint = "OpenServiceW", SetLastError = true)]
    public static partial nint OpenService(nint manager, char* name, uint access);

    [LibraryImport(Library, EntryPoint = "ChangeServiceConfigW", SetLastError = true)]
    public static partial int ChangeServiceConfig(
        nint service, uint type, uint start, uint errorControl, char* commandLine, char* group, uint* tag, char* dependencies, char* account, char* password, char* displayName);

    [LibraryImport(Library, EntryPoint = "ChangeServiceConfig2W", SetLastError = true)]
    public static partial int ChangeServiceConfig2(nint service, uint level, void* info);

    [LibraryImport(Library, EntryPoint = "QueryServiceConfigW", SetLastError = true)]
    public static partial int QueryServiceConfig(nint service, byte* into, uint size, out uint needed);

    [LibraryImport(Library, EntryPoint = "QueryServiceConfig2W", SetLastError = true)]
    public static partial int QueryServiceConfig2(nint service, uint level, byte* into, uint size, out uint needed);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int QueryServiceStatusEx(nint service, int level, byte* into, uint size, out uint needed);

    [LibraryImport(Library, EntryPoint = "EnumServicesStatusExW", SetLastError = true)]
    public static partial int EnumServicesStatusEx(nint manager, int level, uint type, uint state, byte* into, uint size, out uint needed, out uint count, ref uint resume, char* group);

    [LibraryImport(Library, EntryPoint = "EnumDependentServicesW", SetLastError = true)]
    public static partial int EnumDependentServices(nint service, uint state, byte* into, uint size, out uint needed, out uint count);

    [LibraryImport(Library, EntryPoint = "StartServiceW", SetLastError = true)]
    public static partial int StartService(nint service, uint count, char** arguments);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int ControlService(nint service, uint control, WinSvc.ServiceStatus* status);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int SetServiceObjectSecurity(nint service, uint what, byte* descriptor);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int QueryServiceObjectSecurity(nint service, uint what, byte* into, uint size, out uint needed);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int DeleteService(nint service);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int CloseServiceHandle(nint handle);
}
