using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

/// <summary>How the kernel's clock is disciplined: adjtimex(2), asked without changing anything, which everybody may.</summary>
[SupportedOSPlatform("linux")]
internal static class ClockDiscipline
{
    public static string Read()
    {
        Libc.Timex state = default;
        var kind = Libc.AdjustTime(ref state);
        // A container may be kept from asking.
        if (kind < 0) return ClockQuality.Unknown;
        return kind == Libc.TIME_ERROR || (state.Status & Libc.STA_UNSYNC) != 0
            ? ClockQuality.Unsynchronised
            : ClockQuality.Within(TimeSpan.FromMicroseconds(state.LargestError));
    }
}
