using System.Runtime.Versioning;
using Holdfast.Core.Packages;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Settings;

namespace Holdfast.Cli.Doctor.Windows;

/// <summary>
/// Whether paths below the home fit into what Windows gives programs that know of no longer ones. Ours do; a service and the tools of
/// administrators may not.
/// </summary>
internal static class PathCheck
{
    /// <summary>MAX_PATH with its NUL.</summary>
    private const int Classic = 260;

    /// <summary>So many characters the paths inside a package usually do with.</summary>
    private const int EnoughForFiles = 60;

    /// <summary>Files that are looked at for the longest path: a home may have more than anybody wants to wait for.</summary>
    private const int MostFiles = 100_000;

    /// <param name="AreLong">LongPathsEnabled.</param>
    /// <param name="Before">Characters of the folder in which a package's files begin.</param>
    /// <param name="Longest">The longest path there is; null: none yet.</param>
    internal sealed record Facts(bool AreLong, int Before, string? Longest);

    [SupportedOSPlatform("windows")]
    public static Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel)
    {
        var files = Path.Combine(cli.Home.Packages, "sha256-" + new string('0', 64), "files") + Path.DirectorySeparatorChar;
        return Task.FromResult<IReadOnlyList<Finding>>([Judge(new(WindowsSettings.LongPaths, files.Length, LongestBelow(cli.Home)))]);
    }

    internal static Finding Judge(Facts facts)
    {
        var longest = facts.Longest?.Length ?? facts.Before;
        if (facts.AreLong) return new(Verdict.Good, $"Long paths are on; the longest below the home has {longest} characters");
        const string mend = @"reg add HKLM\SYSTEM\CurrentControlSet\Control\FileSystem /v LongPathsEnabled /t REG_DWORD /d 1, then restart what is to notice; or a shorter home (--home, HOLDFAST_HOME)";
        if (facts.Longest is { } path && path.Length >= Classic)
            return new(Verdict.Lacking, $"Long paths are off, and {path} has {path.Length} characters: programs that know no more than {Classic - 1} do not find it", mend);
        var left = $"the files of a package begin at {facts.Before} characters, and may reach {facts.Before + PackagePath.MaxLength}";
        return facts.Before >= Classic - EnoughForFiles
            ? new(Verdict.Lacking, $"Long paths are off: {left}, of {Classic - 1} that every program knows", mend)
            : new(Verdict.Good, $"Long paths are off; the longest below the home has {longest} of {Classic - 1} characters; {left}");
    }

    private static string? LongestBelow(Home home)
    {
        if (!Directory.Exists(home.Packages)) return null;
        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return Directory.EnumerateFiles(home.Packages, "*", all).Take(MostFiles).MaxBy(path => path.Length);
    }
}
