using System.Security.Cryptography;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;
using Holdfast.Packaging.Content;

namespace Holdfast.Delivery.Toolchains;

/// <summary>
/// Looks at all files of a toolchain as they are now. Links of the tree itself are recorded and followed (a distribution keeps the sources elsewhere), those
/// behind them only recorded, so that no circle is walked.
/// </summary>
internal sealed class TreeScan(string root, CancellationToken cancel)
{
    private readonly List<TreeEntry> entries = [];

    /// <returns>Or <c>toolchain.tree</c>: it has a name that cannot be recorded, or more files than a toolchain has.</returns>
    public static Outcome<TreeList> Run(string root, CancellationToken cancel)
    {
        try
        {
            var scan = new TreeScan(root, cancel);
            return scan.Walk(root, "", isBehindLink: false) is { } problem ? problem : TreeList.Of(scan.entries);
        }
        catch (Exception failure) when (FileTrouble.Is(failure))
        {
            return FileTrouble.From(failure, $"read {root}");
        }
    }

    /// <summary>Windows knows no right to run: there every file is the same.</summary>
    public static char KindOf(bool executable) => executable && !OperatingSystem.IsWindows() ? 'x' : 'f';

    private Problem? Walk(string folder, string path, bool isBehindLink)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            cancel.ThrowIfCancellationRequested();
            var inside = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
            var isLink = entry.LinkTarget is not null;
            if (entries.Count >= ToolchainLimits.MostFiles) return Bad($"it has more than {ToolchainLimits.MostFiles} files");
            if (HasControl(entry.Name) || (isLink && HasControl(entry.LinkTarget!))) return Bad("it has a name with a line end or a tab in it");
            var isFolder = isLink ? Directory.Exists(entry.FullName) : entry is DirectoryInfo;
            if (isLink) entries.Add(isFolder || isBehindLink || !System.IO.File.Exists(entry.FullName) ? new(inside, 'l', 0, entry.LinkTarget!) : Linked(inside, entry));
            if (isLink && isBehindLink) continue;
            if (isFolder && Walk(entry.FullName, inside, isBehindLink || isLink) is { } problem) return problem;
            if (!isFolder && !isLink) entries.Add(File(inside, entry.FullName));
        }

        return null;
    }

    /// <summary>A link to a file: what it leads to counts as well.</summary>
    private static TreeEntry Linked(string inside, FileSystemInfo link)
    {
        var target = File(inside, link.FullName);
        return target with { Kind = 'l', Content = $"{link.LinkTarget} {target.Content}" };
    }

    private static TreeEntry File(string inside, string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var executable = !OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(file.SafeFileHandle) & UnixFileMode.UserExecute) != 0;
        return new(inside, KindOf(executable), file.Length, PackageDigest.FromHash(SHA256.HashData(file)));
    }

    private static bool HasControl(string name) => name.Any(char.IsControl);

    private Problem Bad(string why) => new(ProblemKind.Refused, "toolchain.tree", $"{root} is no toolchain that can be recorded") { Why = why };
}
