namespace Holdfast.Core.NativeServices;

/// <summary>What a setting is called: in services.msc (or Microsoft's documents), and in our spec.</summary>
public static class NativeSettingWords
{
    public static string Windows(NativeSetting setting) => setting switch
    {
        NativeSetting.DisplayName => "Display name",
        NativeSetting.Description => "Description",
        NativeSetting.CommandLine => "Path to executable",
        NativeSetting.StartType => "Startup type",
        NativeSetting.Account => "Log On As",
        NativeSetting.Dependencies => "Dependencies",
        NativeSetting.Recovery => "Recovery",
        NativeSetting.OnErrorStops => "Enable actions for stops with errors",
        NativeSetting.PreshutdownTimeout => "Preshutdown time-out",
        NativeSetting.ServiceSid => "Service SID type",
        NativeSetting.RequiredPrivileges => "Required privileges",
        _ => "Security descriptor",
    };

    /// <summary>The key that decides it; null: no key does.</summary>
    public static string? Key(NativeSetting setting) => setting switch
    {
        NativeSetting.DisplayName => "windows.displayName",
        NativeSetting.Description => "description",
        NativeSetting.CommandLine => null,
        NativeSetting.StartType => "windows.startType",
        NativeSetting.Account => "user",
        NativeSetting.Dependencies => "windows.dependencies",
        NativeSetting.Recovery => "windows.recovery",
        NativeSetting.OnErrorStops => "windows.recovery.onErrorStops",
        NativeSetting.PreshutdownTimeout => "windows.preshutdownTimeout",
        NativeSetting.ServiceSid => "windows.serviceSid",
        NativeSetting.RequiredPrivileges => "windows.requiredPrivileges",
        _ => "access",
    };

    public static string Of(NativeStartType type) => type switch
    {
        NativeStartType.Automatic => "Automatic",
        NativeStartType.Delayed => "Automatic (Delayed Start)",
        NativeStartType.Manual => "Manual",
        _ => "Disabled",
    };

    public static string Of(ServiceSidType type) => type switch
    {
        ServiceSidType.None => "none",
        ServiceSidType.Unrestricted => "unrestricted",
        _ => "restricted",
    };
}
