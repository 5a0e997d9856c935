using Holdfast.Core.Access;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Access;

/// <summary>Looks at every file and folder of an area, and sets the rights of those that are otherwise.</summary>
public static class AccessWalk
{
    /// <summary>What is otherwise than wanted, a path and its sentences each; a path that is not there is not told.</summary>
    public static IEnumerable<(string Path, IReadOnlyList<string> Differences)> Check(WantedAccess wanted, AccessIds ids)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        foreach (var (path, isFolder) in Everything(wanted))
        {
            if (AccessReader.Read(path) is { } seen && AccessJudgement.Differences(wanted, seen, ids, isFolder) is { Count: > 0 } differences)
                yield return (path, differences);
        }
    }

    /// <summary>
    /// Makes the rights of one file or folder as wanted. What is the program's is only closed, never opened further: what is executable stays so.
    /// </summary>
    public static Outcome<Done> Set(WantedAccess wanted, string path, Account account)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(account);
        if (wanted.Area == Areas.Code) return Close(wanted, path, AccessReader.IdsOf(account));
        var rights = AreaRights.Of(wanted.Area, wanted.Account == AccessRights.None ? null : account, wanted.Groups);
        return FolderRights.Set(path, Directory.Exists(path) ? rights : rights with { Mode = rights.Mode & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute) });
    }

    /// <summary>The list that somebody made by hand stays where no group is named: closing it to writers is all that is asked.</summary>
    private static Outcome<Done> Close(WantedAccess wanted, string path, AccessIds account)
    {
        var rights = AreaRights.OfCode(path, account, wanted.Groups);
        return wanted.Groups.Count == 0 && OperatingSystem.IsLinux() ? FolderRights.Set(path, rights.Mode, rights.Owner) : FolderRights.Set(path, rights);
    }

    private static IEnumerable<(string Path, bool IsFolder)> Everything(WantedAccess wanted)
    {
        if (File.Exists(wanted.Path)) yield return (wanted.Path, false);
        if (!Directory.Exists(wanted.Path)) yield break;
        yield return (wanted.Path, true);
        var left = new Stack<DirectoryInfo>([new(wanted.Path)]);
        while (left.TryPop(out var folder))
        {
            foreach (var entry in folder.EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is null && !wanted.But.Contains(entry.FullName)).OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                yield return (entry.FullName, entry is DirectoryInfo);
                if (entry is DirectoryInfo below) left.Push(below);
            }
        }
    }
}
