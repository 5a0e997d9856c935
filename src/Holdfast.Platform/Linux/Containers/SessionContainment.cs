using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>
/// Without cgroups: each container's processes carry a mark, and this process adopts those whose parents end (child subreaper),
/// so that none slips away to init unseen.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SessionContainment : IContainment
{
    private readonly string prefix;
    private readonly Dictionary<string, SessionContainer> open = new(StringComparer.Ordinal);

    /// <param name="homeName">Names the home among others of this host.</param>
    /// <param name="reason">Why there are no cgroups.</param>
    public SessionContainment(string homeName, string reason)
    {
        prefix = $"{SessionScan.Prefix}{homeName}/";
        NotEnforced =
        [
            .. LimitKind.All.Select(kind => $"{kind.Name}: {reason}"),
            $"law 2 (no orphan): a process that changes its session and wipes its environment can escape a stop; none outlives the supervisor itself where a guard or a service manager is its parent: {reason}",
        ];
        if (Libc.ProcessControl(Libc.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
            throw Errno.Failure("prctl(PR_SET_CHILD_SUBREAPER)");
    }

    public ContainmentKind Kind => ContainmentKind.Session;

    public IReadOnlyList<string> Enforced => CgroupContainment.AlwaysEnforced;

    public IReadOnlyList<string> NotEnforced { get; }

    public SafeHandle? Changes => null;

    public void TakeChanges(ISet<LinuxContainer> changed)
    {
    }

    public Outcome<LinuxContainer> Open(string name, LimitsSpec limits)
    {
        if (!open.TryGetValue(name, out var container))
            container = open[name] = new SessionContainer(this, name, prefix + name);
        container.Limit(limits);
        return container;
    }

    public void Forget(SessionContainer container) => open.Remove(container.Name);

    public Outcome<IReadOnlyList<string>> Sweep(TimeSpan within)
    {
        var until = BootClock.SinceBoot + within;
        var names = new SortedSet<string>(StringComparer.Ordinal);
        List<ProcessFacts> Scan()
        {
            var found = SessionScan.Find(id => id.StartsWith(prefix, StringComparison.Ordinal));
            names.UnionWith(found.Keys.Select(id => id[prefix.Length..]));
            return [.. found.Values.SelectMany(processes => processes)];
        }

        SessionContainer.Kill(Scan);
        foreach (var process in Scan())
        {
            using var hold = ProcessHold.Take(process.Pid, process.CreationTime);
            while (hold is not null && ProcessFacts.IsAlive(process.Pid, process.CreationTime) && BootClock.SinceBoot < until)
                Waiter.Wait(hold, Libc.POLLIN, until);
        }

        var left = Scan();
        return left.Count == 0
            ? Outcome.Of<IReadOnlyList<string>>([.. names])
            : new Problem(ProblemKind.Failed, "container.not-swept", $"Processes of an earlier run do not end: PIDs {string.Join(", ", left.Select(process => process.Pid))}.");
    }

    public void Dispose() => _ = Libc.ProcessControl(Libc.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}
