using System.Buffers.Text;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>The files and folders that cgroups are made of. Errors come back as numbers: most of them are answers.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class CgroupFiles
{
    /// <summary>0, or the error number.</summary>
    public static int Write(string path, string text)
    {
        var descriptor = Libc.Open(path, Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
            return Errno.Last;
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var bytes = Encoding.ASCII.GetBytes(text);
        fixed (byte* from = bytes)
            return Libc.Write(file, from, (nuint)bytes.Length) < 0 ? Errno.Last : 0;
    }

    /// <summary>0, also when it exists already, or the error number.</summary>
    public static int MakeFolder(string path) =>
        Libc.MakeFolder(path, 0x1ED) == 0 || Errno.Last == Errno.EEXIST ? 0 : Errno.Last;

    /// <summary>Removes the cgroup and those that a service made within it, innermost first. 0, also when there is none, or the error number.</summary>
    public static int RemoveTree(string path)
    {
        foreach (var inner in Inner(path))
        {
            if (RemoveTree(inner) is var failed and not 0)
                return failed;
        }

        return Libc.RemoveFolder(path) == 0 || Errno.Last == Errno.ENOENT ? 0 : Errno.Last;
    }

    /// <summary>Processes in the cgroup and in those within it.</summary>
    public static List<int> Members(string path)
    {
        var members = new List<int>();
        AddMembers(path, members);
        return members;
    }

    /// <summary>Whether a process lives in it or within it; false when there is no such cgroup.</summary>
    public static bool IsPopulated(string path)
    {
        Span<byte> buffer = stackalloc byte[128];
        return ProcFile.Read(path + "/cgroup.events", buffer).IndexOf("populated 1"u8) >= 0;
    }

    /// <summary>Whether everything in it stands still, not only was told to.</summary>
    public static bool IsFrozen(string path)
    {
        Span<byte> buffer = stackalloc byte[128];
        return ProcFile.Read(path + "/cgroup.events", buffer).IndexOf("frozen 1"u8) >= 0;
    }

    public static IEnumerable<string> Inner(string path)
    {
        // Nearly all have none, and to list the two dozen files of a cgroup takes longer than to ask.
        if (!PosixFileFacts.MayHaveFolders(path)) return [];
        try
        {
            return Directory.GetDirectories(path);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static void AddMembers(string path, List<int> members)
    {
        Span<byte> most = stackalloc byte[512];
        var procs = ProcFile.Read(path + "/cgroup.procs", most);
        if (procs.Length == most.Length) procs = ProcFile.ReadAll(path + "/cgroup.procs");
        foreach (var line in procs.Split((byte)'\n'))
        {
            if (Utf8Parser.TryParse(procs[line], out int pid, out _) && pid > 0)
                members.Add(pid);
        }

        foreach (var inner in Inner(path))
            AddMembers(inner, members);
    }
}
