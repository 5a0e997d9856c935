using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Containers;

[SupportedOSPlatform("linux")]
internal static class CgroupKiller
{
    private const int MostRounds = 1000;

    /// <summary>Ends everything in the cgroup and within it, what is being forked included.</summary>
    public static void Kill(string path)
    {
        // Since Linux 5.14 the kernel does it at one stroke.
        if (CgroupFiles.Write(path + "/cgroup.kill", "1") != Errno.ENOENT || !Directory.Exists(path))
            return;

        // Before that: frozen, nothing forks, and a killed process of a frozen cgroup ends nevertheless.
        var frozen = CgroupFiles.Write(path + "/cgroup.freeze", "1") == 0;
        var killed = new HashSet<int>();
        for (var round = 0; round < MostRounds; round++)
        {
            var news = CgroupFiles.Members(path).Where(killed.Add).ToList();
            if (news.Count == 0)
                break;
            // A number in this list cannot be somebody else's: it stays in the list until the process is gone.
            news.ForEach(pid => _ = Libc.Kill(pid, Libc.SIGKILL));
        }

        if (frozen)
            _ = CgroupFiles.Write(path + "/cgroup.freeze", "0");
    }
}
