namespace Holdfast.Core.NativeServices;

/// <summary>The settings of a native service that can differ, be refused or be unknown one by one.</summary>
public enum NativeSetting
{
    DisplayName,
    Description,
    CommandLine,
    StartType,
    Account,
    Dependencies,
    Recovery,
    OnErrorStops,
    PreshutdownTimeout,
    ServiceSid,
    RequiredPrivileges,
    Rights,
}
