using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace Holdfast.Cli.Output;

/// <summary>Quantities as people read them.</summary>
internal static class Human
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary><c>9.8MiB</c>, <c>512KiB</c>; a negative number is not known.</summary>
    public static string Size(long bytes)
    {
        if (bytes < 0) return "";
        double value = bytes;
        var unit = 0;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(unit == 0 || value >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) + Units[unit];
    }

    /// <summary>The two largest units: <c>12s</c>, <c>5m3s</c>, <c>2h10m</c>, <c>3d4h</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.Zero) time = TimeSpan.Zero;
        return time.TotalDays >= 1 ? $"{(int)time.TotalDays}d{time.Hours}h"
            : time.TotalHours >= 1 ? $"{time.Hours}h{time.Minutes}m"
            : time.TotalMinutes >= 1 ? $"{time.Minutes}m{time.Seconds}s"
            : $"{time.Seconds}s";
    }

    /// <summary>A share of one core: <c>0.3%</c>; a negative one is not known.</summary>
    public static string Share(double cores) => cores < 0 ? "" : (cores * 100).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary>Universal time to the second; empty without one.</summary>
    public static string Time(Timestamp? at) =>
        at?.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>For machines: universal time to the millisecond; null without one.</summary>
    public static string? Stamp(Timestamp? at) =>
        at?.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary><c>sha256:0123456789ab</c>: enough to tell digests apart by eye.</summary>
    public static string ShortDigest(string digest) => digest.Length > 19 ? digest[..19] : digest;
}
