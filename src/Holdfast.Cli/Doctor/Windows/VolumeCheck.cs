using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Files;

namespace Holdfast.Cli.Doctor.Windows;

/// <summary>Whether the home is on a file system that keeps access lists, which is what keeps a service from its own program.</summary>
internal static class VolumeCheck
{
    private static readonly string[] Fit = ["NTFS", "ReFS"];

    [SupportedOSPlatform("windows")]
    public static Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(cli.Home.Path, VolumeFacts.Of(cli.Home.Path))]);

    /// <param name="volume">Null: Windows does not say.</param>
    internal static Finding Judge(string home, VolumeFacts? volume)
    {
        if (volume is null) return new(Verdict.Lacking, $"Windows does not say which file system {home} is on", "use a folder on a local NTFS or ReFS volume (--home, HOLDFAST_HOME)");
        if (!Fit.Contains(volume.FileSystem, StringComparer.OrdinalIgnoreCase))
            return new(Verdict.Broken, $"{home} is on {volume.FileSystem} ({volume.Root}), which has no access lists: everybody could change programs and records", "move the home to an NTFS or ReFS volume (--home, HOLDFAST_HOME)");
        return volume.IsRemote
            ? new(Verdict.Lacking, $"{home} is on another machine ({volume.Root}): where that is away, output and records wait, and it decides who may read them", "move the home to a local volume (--home, HOLDFAST_HOME)")
            : new(Verdict.Good, $"{home} is on {volume.FileSystem} ({volume.Root})");
    }
}
