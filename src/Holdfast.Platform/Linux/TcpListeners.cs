using System.Globalization;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Linux;

/// <summary>/proc/net/tcp and tcp6 for who listens, /proc/PID/fd for who that is.</summary>
[SupportedOSPlatform("linux")]
internal static class TcpListeners
{
    private const string Listening = "0A";

    public static bool IsTaken(int port) => Sockets(port).Count > 0;

    public static PortOwner? OwnerOf(int port)
    {
        var wanted = Sockets(port).Select(inode => $"socket:[{inode}]").ToHashSet(StringComparer.Ordinal);
        if (wanted.Count == 0)
            return null;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Holds(folder, wanted))
                return new(pid, ProcStat.Read(pid)?.Name ?? "a process that has just ended");
        }

        return null;
    }

    // The columns: number, local address:port in hexadecimal, remote, state, queues, timer, retransmits, user, timeout, inode.
    private static List<string> Sockets(int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var inodes = new List<string>();
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            if (!File.Exists(table))
                continue;
            foreach (var line in File.ReadLines(table))
            {
                var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (columns.Length > 9 && columns[3] == Listening && columns[1].EndsWith(suffix, StringComparison.Ordinal))
                    inodes.Add(columns[9]);
            }
        }

        return inodes;
    }

    private static bool Holds(string folder, HashSet<string> wanted)
    {
        try
        {
            foreach (var entry in new DirectoryInfo(Path.Combine(folder, "fd")).EnumerateFileSystemInfos())
            {
                if (entry.LinkTarget is { } target && wanted.Contains(target))
                    return true;
            }
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            // It ended, or is another account's.
        }

        return false;
    }
}
