using Holdfast.Core.Access;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Access;

/// <summary>Looks at every file and folder of an area, and sets the rights of those that are otherwise.</summary>
public static class AccessWalk
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

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
        // Elsewhere nobody but root gives a file away; on Windows nobody named means the administrators.
        var keeper = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? AccountDirectory.Current() : null;
        // As they are made: what a supervisor keeps is its own alone, unless the account is to read what is pinned.
        var (pins, own) = (wanted.Area == "pins", wanted.Account == AccessRights.None);
        var mode = wanted.Area == "orders" || (pins && own) ? FolderRights.OwnerOnly : FolderRights.OwnerAndGroup;
        if (!Directory.Exists(path)) mode &= ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        if (wanted.Area == "code") return FolderRights.Set(path, Closed(path), keeper);
        return FolderRights.Set(path, mode, own ? keeper : pins ? AccountDirectory.AdministratorsFor(account) : account);
    }

    private static UnixFileMode Closed(string path) => OperatingSystem.IsWindows() ? FolderRights.Public : File.GetUnixFileMode(path) & ~OthersWrite;

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
