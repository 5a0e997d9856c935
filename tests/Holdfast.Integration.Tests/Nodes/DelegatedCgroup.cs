namespace Holdfast.Integration.Tests.Nodes;

/// <summary>A cgroup that belongs to an ordinary account, as systemd makes one with Delegate=yes.</summary>
public sealed class DelegatedCgroup : IDisposable
{
    private const string Owner = "65534:65534";

    public DelegatedCgroup()
    {
        Folder = Path.Combine(Mount ?? throw new InvalidOperationException("No cgroup tree of version 2 is mounted here."), $"hf-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Folder);
        foreach (var path in (string[])["", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"])
        {
            using var chown = System.Diagnostics.Process.Start("chown", [Owner, Path.Combine(Folder, path)]);
            chown.WaitForExit();
            Assert.Equal(0, chown.ExitCode);
        }
    }

    /// <summary>Where the unified tree is mounted; null where it is not.</summary>
    public static string? Mount { get; } = File.Exists("/proc/mounts")
        ? File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).FirstOrDefault(words => words[2] == "cgroup2")?[1]
        : null;

    public string Folder { get; }

    /// <summary>What goes before a command that is to run in it.</summary>
    public IReadOnlyList<string> Enter => ["sh", "-c", "echo 0 > \"$0/cgroup.procs\" && exec \"$@\"", Folder];

    public void Dispose()
    {
        foreach (var folder in Directory.EnumerateDirectories(Folder, "*", SearchOption.AllDirectories).OrderByDescending(folder => folder.Length).Append(Folder))
            Directory.Delete(folder);
    }
}
