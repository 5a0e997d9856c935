using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Services;

/// <summary>
/// advapi32's calls for managing services, one to one; each returns Windows's error number, 0 being success. Behind an interface, because
/// Wine lacks some of them: tests let a fake read what is passed, as Windows would.
/// </summary>
internal unsafe interface IServiceApi
{
    uint OpenManager(uint access, out nint manager);

    /// <param name="dependencies">Each ended by NUL, the last by one more; null: none.</param>
    /// <param name="account">Null: LocalSystem.</param>
    uint Create(nint manager, char* name, char* displayName, uint access, uint start, char* commandLine, char* dependencies, char* account, char* password, out nint service);

    uint Open(nint manager, char* name, uint access, out nint service);

    /// <param name="start">SERVICE_NO_CHANGE and null leave things as they are.</param>
    uint Change(nint service, uint start, char* commandLine, char* dependencies, char* account, char* password, char* displayName);

    uint Change2(nint service, uint level, void* info);

    uint QueryConfig(nint service, byte* into, uint size, out uint needed);

    uint QueryConfig2(nint service, uint level, byte* into, uint size, out uint needed);

    /// <param name="what">Which parts of the descriptor: DACL_SECURITY_INFORMATION.</param>
    uint SetSecurity(nint service, uint what, byte* descriptor);

    uint QuerySecurity(nint service, uint what, byte* into, uint size, out uint needed);

    uint QueryStatus(nint service, WinSvc.ServiceStatusProcess* status);

    uint List(nint manager, byte* into, uint size, out uint needed, out uint count, ref uint resume);

    uint ListDependents(nint service, byte* into, uint size, out uint needed, out uint count);

    uint Start(nint service);

    uint Control(nint service, uint control);

    uint Delete(nint service);

    void Close(nint handle);
}
