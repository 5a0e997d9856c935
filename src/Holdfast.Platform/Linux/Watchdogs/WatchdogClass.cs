using System.Globalization;

namespace Holdfast.Platform.Linux.Watchdogs;

/// <summary>What <c>/sys/class/watchdog</c> says of a device. To read it starts nothing; to open the device would.</summary>
/// <param name="NoWayOut">Once it runs, nothing stops it.</param>
/// <param name="LeastSeconds">It cannot be set to less; null: it does not say.</param>
internal sealed record WatchdogClass(bool NoWayOut, int? LeastSeconds)
{
    public const string Folder = "/sys/class/watchdog";

    /// <summary>Null: it is not there, or the kernel was built without it (CONFIG_WATCHDOG_SYSFS).</summary>
    public static WatchdogClass? Read(string device, string folder = Folder)
    {
        // The one without a number is the first of all by its older name.
        var name = Path.GetFileName(Target(device)) is var last && last == "watchdog" ? "watchdog0" : last;
        return Number(Path.Combine(folder, name, "nowayout")) is { } noWayOut ? new(noWayOut != 0, Number(Path.Combine(folder, name, "min_timeout"))) : null;
    }

    /// <summary>What it is a link to, where it is one; its own name, where it has gone.</summary>
    private static string Target(string device)
    {
        try
        {
            return File.ResolveLinkTarget(device, returnFinalTarget: true)?.FullName ?? device;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return device;
        }
    }

    private static int? Number(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
