using System.Diagnostics;
using System.Globalization;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Machines;

/// <summary>
/// A machine that a real systemd runs, in namespaces and a control group of this one: processes, mounts, names, a boot clock and a
/// boot id of its own; this machine's root file system below an overlay. The node's folder is its disk, and outlives its boots.
/// </summary>
public sealed class SystemdMachine : IAsyncDisposable
{
    private readonly TestNode node;
    private readonly string group;
    private Process? boot;
    private int first;

    private SystemdMachine(TestNode node, string group) => (this.node, this.group) = (node, group);

    /// <summary>A node for such a machine: not in a folder for temporary files, since its units have those for themselves.</summary>
    public static TestNode CreateNode()
    {
        var root = Path.Combine("/var/lib", "hf-" + Path.GetRandomFileName());
        Directory.CreateDirectory(root);
        return TestNode.Create(root);
    }

    /// <summary>A machine that has booted.</summary>
    public static async Task<SystemdMachine> BootAsync(TestNode node)
    {
        var machine = new SystemdMachine(node, Path.Combine(UnifiedTree()!, "holdfast-test-" + Path.GetFileName(node.Root)));
        Directory.CreateDirectory(machine.group);
        await machine.BootAsync();
        return machine;
    }

    /// <summary>Everything in it ends at once, and it boots again.</summary>
    public async Task CutPowerAsync()
    {
        await EndAsync();
        await BootAsync();
    }

    /// <summary>A command in it.</summary>
    public Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        Programs.RunAsync("nsenter", ["--target", $"{first}", "--all", "--", program, .. arguments], node.Work, new Dictionary<string, string> { ["HOLDFAST_HOME"] = node.Home, ["HOME"] = node.Root, ["NO_COLOR"] = "1" });

    public Task<CommandResult> HoldfastAsync(params string[] arguments) => RunAsync(Path.Combine(node.Root, "programs", "holdfast"), arguments);

    public async Task<InstanceRow> PsAsync(string service)
    {
        using var rows = System.Text.Json.JsonDocument.Parse((await HoldfastAsync("ps", service, "-o", "json")).Ok().Output);
        return InstanceRow.From(rows.RootElement[0]);
    }

    public Task<InstanceRow> SeeAsync(string what, string service, Func<InstanceRow, bool> satisfied) => Eventually.SeeAsync($"{service} {what}", () => PsAsync(service), satisfied);

    public async Task<string> ShowAsync(string unit, string property) => (await RunAsync("systemctl", "show", "--value", "-p", property, unit)).Ok().Output.Trim();

    /// <summary>Its PIDs are its own.</summary>
    public async Task KillAsync(int pid) => (await RunAsync("/bin/kill", "-KILL", $"{pid}")).Ok();

    public async Task<bool> LivesAsync(int pid) => (await RunAsync("/bin/kill", "-0", $"{pid}")).ExitCode == 0;

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        // Innermost first.
        foreach (var folder in Directory.EnumerateDirectories(group, "*", SearchOption.AllDirectories).OrderByDescending(path => path.Length).Append(group))
            Directory.Delete(folder);
    }

    /// <summary>Where control groups of version 2 are mounted; null: nowhere.</summary>
    public static string? UnifiedTree() => File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal)).Select(line => line.Split(' ')[4]).FirstOrDefault();

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx")))
                return Path.Combine(folder.FullName, "tests", "Holdfast.Integration.Tests", "Machines", "boot.sh");
        }

        throw new InvalidOperationException("No Holdfast.slnx above " + AppContext.BaseDirectory);
    }

    private async Task BootAsync()
    {
        // Its boot clock starts at 10 s, whatever this machine's says.
        var uptime = double.Parse((await File.ReadAllTextAsync("/proc/uptime")).Split(' ')[0], CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true };
        foreach (var word in new[] { "-c", "echo $$ > \"$0/cgroup.procs\" && exec unshare --mount --pid --ipc --uts --cgroup --time --boottime \"$1\" --fork --kill-child=KILL sh \"$2\" \"$3\" \"$4\"", group, $"{10 - (int)uptime}", Script(), node.Root, Programs.Folder })
            start.ArgumentList.Add(word);
        boot = Process.Start(start)!;
        boot.StandardInput.Close();
        await Eventually.SeeAsync("the first process of the machine", () => boot.HasExited ? throw new InvalidOperationException($"the machine ended with {boot.ExitCode}") : (first = FirstProcess()) > 0);
        await Eventually.SeeAsync("its boot is over", async () => (await RunAsync("systemctl", "is-system-running")).Output.Trim(), state => state is "running" or "degraded");
    }

    /// <summary>The child of who made the namespaces, once it has become systemd.</summary>
    private int FirstProcess()
    {
        var children = File.ReadAllText($"/proc/{boot!.Id}/task/{boot.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return children.Length == 1 && File.ReadAllText($"/proc/{children[0]}/comm").Trim() == "systemd" ? int.Parse(children[0], CultureInfo.InvariantCulture) : 0;
    }

    private async Task EndAsync()
    {
        if (boot is null) return;
        // With its parent its first process is killed, and with that all others.
        boot.Kill();
        await boot.WaitForExitAsync();
        boot.Dispose();
        boot = null;
        await Eventually.SeeAsync("nothing of the machine runs", () => File.ReadAllText(Path.Combine(group, "cgroup.events")).Contains("populated 0", StringComparison.Ordinal));
    }

    /// <summary>Skips by name where such a machine cannot be made.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class FactAttribute : Xunit.FactAttribute
    {
        public FactAttribute()
        {
            if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
                Skip = "needs root on Linux: it boots a systemd in namespaces of its own";
            else if (!File.Exists("/lib/systemd/systemd") || !Programs.Has("systemctl"))
                Skip = "needs systemd (Debian: systemd)";
            else if (!Programs.Has("unshare") || !Programs.Has("nsenter"))
                Skip = "needs unshare and nsenter (Debian: util-linux)";
            else if (UnifiedTree() is not { } tree || !CanMake(tree))
                Skip = "needs control groups of version 2 that root may make";
            else if (!CanUnshare())
                Skip = "this machine does not let root make namespaces, a boot clock and an overlay";
        }

        private static bool CanMake(string tree)
        {
            var probe = Path.Combine(tree, "holdfast-test-probe-" + Environment.ProcessId);
            try
            {
                Directory.CreateDirectory(probe);
                Directory.Delete(probe);
                return true;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }

        private static bool CanUnshare()
        {
            var start = new ProcessStartInfo("unshare", ["--mount", "--pid", "--ipc", "--uts", "--cgroup", "--time", "--boottime", "1", "--fork", "sh", "-c",
                "mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w /mnt/r && mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w /mnt/r"])
            {
                RedirectStandardError = true,
            };
            using var probe = Process.Start(start)!;
            probe.StandardError.ReadToEnd();
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
    }
}
