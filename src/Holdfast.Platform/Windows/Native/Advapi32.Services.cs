using System.Runtime.InteropServices;

namespace Holdfast.Platform.Windows.Native;

/// <summary>The service control manager, for those who manage services.</summary>
internal static unsafe partial class Advapi32
{
    public const uint SC_MANAGER_CONNECT = 0x0001;
    public const uint SC_MANAGER_CREATE_SERVICE = 0x0002;
    public const uint SC_MANAGER_ENUMERATE_SERVICE = 0x0004;

    public const uint SERVICE_QUERY_CONFIG = 0x0001;
    public const uint SERVICE_CHANGE_CONFIG = 0x0002;
    public const uint SERVICE_QUERY_STATUS = 0x0004;
    public const uint SERVICE_ENUMERATE_DEPENDENTS = 0x0008;
    public const uint SERVICE_START = 0x0010;
    public const uint SERVICE_STOP = 0x0020;
    public const uint SERVICE_PAUSE_CONTINUE = 0x0040;
    public const uint SERVICE_INTERROGATE = 0x0080;
    public const uint SERVICE_USER_DEFINED_CONTROL = 0x0100;
    public const uint DELETE = 0x00010000;

    public const uint SERVICE_WIN32_OWN_PROCESS = 0x10;
    public const uint SERVICE_WIN32 = 0x30;
    public const uint SERVICE_STATE_ALL = 3;
    public const uint SERVICE_ACTIVE = 1;
    public const uint SERVICE_ERROR_NORMAL = 1;
    public const uint SERVICE_NO_CHANGE = 0xffffffff;

    public const uint SERVICE_AUTO_START = 2;
    public const uint SERVICE_DEMAND_START = 3;
    public const uint SERVICE_DISABLED = 4;

    public const uint SERVICE_CONFIG_DESCRIPTION = 1;
    public const uint SERVICE_CONFIG_FAILURE_ACTIONS = 2;
    public const uint SERVICE_CONFIG_DELAYED_AUTO_START_INFO = 3;
    public const uint SERVICE_CONFIG_FAILURE_ACTIONS_FLAG = 4;
    public const uint SERVICE_CONFIG_SERVICE_SID_INFO = 5;
    public const uint SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO = 6;
    public const uint SERVICE_CONFIG_PRESHUTDOWN_INFO = 7;

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
    public static partial int ControlService(nint service, uint control, ServiceStatus* status);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int DeleteService(nint service);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int CloseServiceHandle(nint handle);

    /// <summary>SERVICE_STATUS.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ServiceStatus
    {
        public uint Type;
        public uint State;
        public uint Accepted;
        public uint Win32Exit;
        public uint SpecificExit;
        public uint Checkpoint;
        public uint WaitHint;
    }

    /// <summary>SERVICE_STATUS_PROCESS.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ServiceStatusProcess
    {
        public ServiceStatus Status;
        public uint ProcessId;
        public uint Flags;
    }

    /// <summary>ENUM_SERVICE_STATUS_PROCESSW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct EnumServiceStatusProcess
    {
        public char* Name;
        public char* DisplayName;
        public ServiceStatusProcess Status;
    }

    /// <summary>ENUM_SERVICE_STATUSW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct EnumServiceStatus
    {
        public char* Name;
        public char* DisplayName;
        public ServiceStatus Status;
    }

    /// <summary>QUERY_SERVICE_CONFIGW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct QueriedConfig
    {
        public uint Type;
        public uint Start;
        public uint ErrorControl;
        public char* CommandLine;
        public char* Group;
        public uint Tag;
        public char* Dependencies;
        public char* Account;
        public char* DisplayName;
    }

    /// <summary>SERVICE_FAILURE_ACTIONSW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FailureActions
    {
        /// <summary>Seconds; INFINITE is never.</summary>
        public uint ResetPeriod;
        public char* RebootMessage;
        public char* Command;
        public uint Count;
        public FailureAction* Actions;
    }

    /// <summary>SC_ACTION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FailureAction
    {
        public uint Type;

        /// <summary>Milliseconds.</summary>
        public uint Delay;
    }
}
