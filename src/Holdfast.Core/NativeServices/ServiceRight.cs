namespace Holdfast.Core.NativeServices;

/// <summary>What somebody may do with a service: winsvc.h's SERVICE_… and the standard rights.</summary>
[Flags]
public enum ServiceRight : uint
{
    None = 0,
    QueryConfig = 0x1,
    ChangeConfig = 0x2,
    QueryStatus = 0x4,
    EnumerateDependents = 0x8,
    Start = 0x10,
    Stop = 0x20,
    PauseContinue = 0x40,
    Interrogate = 0x80,
    UserDefinedControl = 0x100,
    Delete = 0x10000,

    /// <summary>To read the list.</summary>
    ReadControl = 0x20000,
    WriteList = 0x40000,
    WriteOwner = 0x80000,

    /// <summary>SERVICE_ALL_ACCESS.</summary>
    All = 0xf01ff,

    /// <summary>To start and stop it, and to see whether one may: what services.msc asks for before it offers that.</summary>
    Controls = QueryConfig | QueryStatus | EnumerateDependents | Start | Stop | PauseContinue | Interrogate | ReadControl,
}
