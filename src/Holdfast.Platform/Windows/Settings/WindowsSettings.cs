using System.Runtime.Versioning;
using System.Security;
using Microsoft.Win32;

namespace Holdfast.Platform.Windows.Settings;

/// <summary>Settings of this Windows that decide what can be done on it. Null: it is not said, or may not be read.</summary>
[SupportedOSPlatform("windows")]
public static class WindowsSettings
{
    /// <summary>Has the sizes of desktop heaps: <c>… SharedSection=1024,20480,768 …</c>.</summary>
    public static string? SubSystems => Text(@"SYSTEM\CurrentControlSet\Control\Session Manager\SubSystems", "Windows");

    /// <summary>Programs that say they can may use paths of more than 260 characters.</summary>
    public static bool LongPaths => Number(@"SYSTEM\CurrentControlSet\Control\FileSystem", "LongPathsEnabled") == 1;

    /// <summary>Where the time comes from: NT5DS (the domain), NTP, AllSync, NoSync.</summary>
    public static string? TimeSource => Text(@"SYSTEM\CurrentControlSet\Services\W32Time\Parameters", "Type");

    /// <summary>As people know it: Windows Server 2022 Standard.</summary>
    public static string? ProductName => Text(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "ProductName");

    internal static string? Text(string key, string name) => Value(key, name) as string;

    internal static int? Number(string key, string name) => Value(key, name) as int?;

    /// <summary>A key's texts by name; none where it is not there.</summary>
    internal static IReadOnlyList<(string Name, string Text)> Texts(string key) => Read(key, opened =>
        (IReadOnlyList<(string, string)>)[.. from name in opened.GetValueNames() let text = opened.GetValue(name) as string where text is not null select (name, text)]) ?? [];

    private static object? Value(string key, string name) => Read(key, opened => opened.GetValue(name));

    private static T? Read<T>(string key, Func<RegistryKey, T?> read)
        where T : class
    {
        try
        {
            using var opened = Registry.LocalMachine.OpenSubKey(key);
            return opened is null ? null : read(opened);
        }
        catch (Exception failure) when (failure is SecurityException or UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }
}
