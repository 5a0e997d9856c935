using System.Runtime.Versioning;
using Holdfast.Core.Services;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Births;

[SupportedOSPlatform("windows")]
internal static class PriorityFlag
{
    /// <summary>Always said: a process that is not told has its parent's where that is below normal.</summary>
    public static uint Of(PriorityClass priority) => priority switch
    {
        PriorityClass.Low => Kernel32.IDLE_PRIORITY_CLASS,
        PriorityClass.BelowNormal => Kernel32.BELOW_NORMAL_PRIORITY_CLASS,
        PriorityClass.AboveNormal => Kernel32.ABOVE_NORMAL_PRIORITY_CLASS,
        PriorityClass.High => Kernel32.HIGH_PRIORITY_CLASS,
        _ => Kernel32.NORMAL_PRIORITY_CLASS,
    };
}
