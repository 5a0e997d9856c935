using System.Globalization;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Fencing;

/// <summary>
/// Names the watchdog that may be running, so that the supervisor after one that was killed can disarm it: that one has swept up first, and so proven that nothing acts. Where it cannot sweep up it
/// does not begin, and the machine is reset.
/// </summary>
internal static class WatchdogMark
{
    private const string Name = "watchdog";

    public static string PathIn(SupervisorPlace place) => Path.Combine(place.Folder, Name);

    /// <summary>Before it is opened. One that cannot be written is no reason against the watchdog: at worst the machine is reset when the supervisor is killed.</summary>
    public static void Write(string path, string bootId, string device, int seconds)
    {
        try
        {
            File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{bootId}\n{device}\n{seconds}\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }

    /// <summary>It is disarmed.</summary>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever finds it disarms once more what is disarmed.
        }
    }

    /// <summary>Nothing runs: what a supervisor before this one has left armed is disarmed.</summary>
    /// <param name="open">Opens a device and sets it.</param>
    public static void Settle(string path, string bootId, Func<string, TimeSpan, Outcome<IWatchdogDevice>> open, Action<string> say)
    {
        if (Read(path) is not { } left) return;
        // After a reset it counts no more.
        if (left.BootId == bootId)
        {
            var disarmed = open(left.Device, TimeSpan.FromSeconds(left.Seconds)).Then(device =>
            {
                using (device) return device.Disarm();
            });
            say(disarmed.IsOk
                ? $"{left.Device} was left armed by an earlier supervisor: nothing runs, and it is disarmed"
                : $"{left.Device} was left armed by an earlier supervisor, and resets this machine: {string.Join("; ", disarmed.Problems)}");
        }

        Delete(path);
    }

    private static (string BootId, string Device, int Seconds)? Read(string path)
    {
        try
        {
            return File.ReadAllLines(path) is [{ Length: > 0 } bootId, { Length: > 0 } device, var set, ..] && int.TryParse(set, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? (bootId, device, seconds)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
