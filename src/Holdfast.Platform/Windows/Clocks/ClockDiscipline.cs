using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Clocks;

/// <summary>Whether a time service (W32Time, or another) adjusts the clock. How far off it is, only that service knows.</summary>
[SupportedOSPlatform("windows")]
internal static class ClockDiscipline
{
    public static string Read() => !Kernel32.GetSystemTimeAdjustment(out _, out _, out var isFree) ? ClockQuality.Unknown : isFree ? ClockQuality.Unsynchronised : "synchronised";
}
