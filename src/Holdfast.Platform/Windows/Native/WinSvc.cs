using System.Runtime.InteropServices;

namespace Holdfast.Platform.Windows.Native;

/// <summary>winsvc.h: the numbers and structures that services and their manager speak in. Data on any system.</summary>
internal static unsafe class WinSvc
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
    public const uint READ_CONTROL = 0x00020000;
    public const uint WRITE_DAC = 0x00040000;

    /// <summary>Of a security descriptor, its access list.</summary>
    public const uint DACL_SECURITY_INFORMATION = 4;

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

    /// <summary>SERVICE_TABLE_ENTRYW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ServiceTableEntry
    {
        public char* Name;
        public delegate* unmanaged<uint, char**, void> Main;
    }
}
