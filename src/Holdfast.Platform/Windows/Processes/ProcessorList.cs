using System.Runtime.Versioning;
using Holdfast.Core.Services.Units;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Processes;

[SupportedOSPlatform("windows")]
internal static class ProcessorList
{
    /// <summary>Numbered through all processor groups, of which each has up to 64.</summary>
    public static string Online() => CpuSetText.Format([.. Enumerable.Range(0, (int)Kernel32.GetActiveProcessorCount(Kernel32.ALL_PROCESSOR_GROUPS))]);
}
