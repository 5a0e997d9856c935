using System.Runtime.Versioning;
using Holdfast.Cli.Doctor.Windows;

namespace Holdfast.Cli.Doctor;

/// <summary>What the doctor looks at, in the order of the report.</summary>
internal static class Checks
{
    public static IReadOnlyList<Func<CliContext, CancellationToken, Task<IReadOnlyList<Finding>>>> All { get; } =
    [
        AgentCheck.RunAsync,
        DedicatedCheck.RunAsync,
        HomeCheck.RunAsync,
        TrustCheck.RunAsync,
        HostCheck.RunAsync,
        .. OperatingSystem.IsWindows() ? OfWindows() : [],
    ];

    [SupportedOSPlatform("windows")]
    private static Func<CliContext, CancellationToken, Task<IReadOnlyList<Finding>>>[] OfWindows() =>
    [
        WindowsCheck.RunAsync,
        VolumeCheck.RunAsync,
        PathCheck.RunAsync,
        TimeCheck.RunAsync,
        FirewallCheck.RunAsync,
        DesktopHeapCheck.RunAsync,
        EventLogCheck.RunAsync,
    ];
}
