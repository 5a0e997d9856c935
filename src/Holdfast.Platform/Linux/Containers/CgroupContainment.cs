using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>Containers as cgroups, all of a home below one folder: <c>…/holdfast-HOME/INSTANCE</c>.</summary>
[SupportedOSPlatform("linux")]
internal sealed class CgroupContainment : IContainment
{
    private readonly string folder;
    private readonly IReadOnlyList<string> leftovers;
    private readonly Dictionary<string, CgroupContainer> open = new(StringComparer.Ordinal);

    /// <param name="folder">Of this home, made already.</param>
    /// <param name="leftovers">Further folders where an earlier supervisor of this home may have had its containers.</param>
    public CgroupContainment(string folder, IReadOnlyList<string> leftovers, Controllers controllers)
    {
        this.folder = folder;
        this.leftovers = leftovers;
        Limiters = controllers.Limiters;
        Enforced = [.. Limiters.Select(limiter => limiter.Name), .. AlwaysEnforced];
        NotEnforced = controllers.Missing;
    }

    /// <summary>By what every process has of itself (setrlimit).</summary>
    public static IReadOnlyList<string> AlwaysEnforced { get; } = ["limits.affinity", "limits.files", "limits.coreDumps"];

    public ContainmentKind Kind => ContainmentKind.Cgroup;

    public IReadOnlyList<string> Enforced { get; }

    public IReadOnlyList<string> NotEnforced { get; }

    public IReadOnlyList<ILimiter> Limiters { get; }

    public CgroupWatch Watch { get; } = new();

    public SafeHandle? Changes => Watch.Handle;

    public void TakeChanges(ISet<LinuxContainer> changed) => Watch.Take(changed);

    public Outcome<LinuxContainer> Open(string name, LimitsSpec limits)
    {
        if (open.TryGetValue(name, out var known))
        {
            known.Limit(limits);
            return known;
        }

        var path = Path.Join(folder, name);
        if (CgroupFiles.MakeFolder(path) is var errno and not 0)
            return new Problem(ProblemKind.Failed, "container.not-made", $"Cannot make the container {path}: {Errno.Describe(errno)}.");
        try
        {
            return open[name] = new CgroupContainer(this, name, path, limits);
        }
        catch (IOException failure)
        {
            // Watches are counted per account and may be used up by others: this container is not made, the host goes on.
            _ = CgroupFiles.RemoveTree(path);
            return new Problem(ProblemKind.Failed, "container.not-watched", $"Cannot watch the container {path}.") { Why = failure.Message };
        }
    }

    public void Forget(CgroupContainer container, int watch)
    {
        open.Remove(container.Name);
        Watch.Remove(watch);
        foreach (var limiter in Limiters)
            limiter.Remove(container.Name);
    }

    public Outcome<IReadOnlyList<string>> Sweep(TimeSpan within)
    {
        var until = BootClock.SinceBoot + within;
        var found = leftovers.Prepend(folder).Distinct().SelectMany(CgroupFiles.Inner).ToList();
        // All are killed before the first is waited for: they die side by side.
        found.ForEach(CgroupKiller.Kill);
        var problems = found.Select(path => Clear(path, until)).OfType<Problem>().ToList();
        if (problems.Count > 0)
            return problems;
        return Outcome.Of<IReadOnlyList<string>>([.. found.Select(path => Path.GetFileName(path)).Distinct().Order(StringComparer.Ordinal)]);
    }

    public void Dispose()
    {
        Watch.Dispose();
        // The kernel keeps what still has a process: the next supervisor sweeps it.
        foreach (var path in CgroupFiles.Inner(folder).Where(path => CgroupFiles.RemoveTree(path) == 0).ToList())
        {
            foreach (var limiter in Limiters)
                limiter.Remove(Path.GetFileName(path));
        }

        foreach (var limiter in Limiters)
            limiter.Close();
        _ = Libc.RemoveFolder(folder);
    }

    private Problem? Clear(string path, TimeSpan until)
    {
        var descriptor = Libc.Open(path + "/cgroup.events", Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (descriptor >= 0)
        {
            using var events = new SafeFileHandle(descriptor, ownsHandle: true);
            Span<byte> unused = stackalloc byte[64];
            while (CgroupFiles.IsPopulated(path) && BootClock.SinceBoot < until)
            {
                // The file has to be read for the next change to be told.
                _ = RandomAccess.Read(events, unused, 0);
                if (CgroupFiles.IsPopulated(path))
                    Waiter.Wait(events, Libc.POLLPRI, until);
            }
        }

        foreach (var limiter in Limiters)
            limiter.Remove(Path.GetFileName(path));
        return CgroupFiles.RemoveTree(path) is var errno and not 0
            ? new(ProblemKind.Failed, "container.not-swept", $"Processes of an earlier run are still in {path}: {Errno.Describe(errno)}.")
            {
                Why = $"PIDs {string.Join(", ", CgroupFiles.Members(path))} were killed and do not end: they may hang in the kernel, on a disk or a network file system",
            }
            : null;
    }
}
