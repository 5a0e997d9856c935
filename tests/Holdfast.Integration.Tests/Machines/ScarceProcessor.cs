using System.Globalization;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Machines;

/// <summary>Processes that get only a small part of one processor, as on a host that has promised more than it has. Control groups of either version do.</summary>
public sealed class ScarceProcessor : IDisposable
{
    private const int PeriodMicroseconds = 100_000;

    private readonly string folder;
    private readonly string root;

    private ScarceProcessor(string root, int thousandths)
    {
        this.root = root;
        folder = Path.Combine(root, $"hf-test-scarce-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        var quota = PeriodMicroseconds / 1000 * thousandths;
        var unified = Path.Combine(folder, "cpu.max");
        if (File.Exists(unified))
        {
            File.WriteAllText(unified, string.Create(CultureInfo.InvariantCulture, $"{quota} {PeriodMicroseconds}"));
            return;
        }

        File.WriteAllText(Path.Combine(folder, "cpu.cfs_period_us"), PeriodMicroseconds.ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(Path.Combine(folder, "cpu.cfs_quota_us"), quota.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Where groups with a share of the processor can be made; null: nowhere.</summary>
    public static string? Tree { get; } = File.Exists("/proc/mounts")
        ? File.ReadLines("/proc/mounts").Select(line => line.Split(' '))
            .Where(words => (words[2] == "cgroup" && words[3].Split(',').Contains("cpu")) || (words[2] == "cgroup2" && HasProcessor(words[1])))
            .Select(words => words[1]).FirstOrDefault()
        : null;

    /// <param name="processes">Who gets it, and their children from now on. Not those that a supervisor keeps: with groups of version 2 they would leave its container.</param>
    /// <param name="thousandths">Of one processor, for all of them together.</param>
    public static ScarceProcessor For(IEnumerable<int> processes, int thousandths)
    {
        var scarce = new ScarceProcessor(Tree ?? throw new InvalidOperationException("No control group has a share of the processor here."), thousandths);
        foreach (var process in processes) Move(process, scarce.folder);
        return scarce;
    }

    /// <summary>They have it all again.</summary>
    public void Dispose()
    {
        foreach (var process in File.ReadLines(Path.Combine(folder, "cgroup.procs")).ToList()) Move(int.Parse(process, CultureInfo.InvariantCulture), root);
        Directory.Delete(folder);
    }

    /// <summary>And lets processes back into its root, which only the root of all does that has children with shares.</summary>
    private static bool HasProcessor(string tree) =>
        Path.Combine(tree, "cgroup.subtree_control") is var given && File.Exists(given) && File.ReadAllText(given).Split(' ', '\n').Contains("cpu")
        && File.ReadLines(Path.Combine(tree, "cgroup.procs")).Any();

    private static void Move(int process, string group)
    {
        try
        {
            File.WriteAllText(Path.Combine(group, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException) when (!TestNode.Lives(process))
        {
            // It has just ended.
        }
    }
}
