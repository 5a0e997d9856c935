using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform.Linux.Births;
using Holdfast.Platform.Linux.Containers;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

/// <summary>Ties a way to contain and a way to start together, and listens to both in one epoll.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxProcessHost : IProcessHost
{
    private const int MostEventsAtOnce = 256;

    /// <summary>Adopted orphans that ended are noticed with other events; where there are none, at least so often.</summary>
    private static readonly TimeSpan OrphanInterval = TimeSpan.FromSeconds(30);

    private readonly IContainment containment;
    private readonly ILauncher launcher;
    private readonly Epoll epoll = new();
    private readonly EventCounter wake = new();
    private readonly SafeHandle nothing = NullDevice.Open();
    private readonly Dictionary<long, object> registrations = [];
    private readonly Dictionary<int, HostChild> children = [];
    private readonly Dictionary<SafeHandle, long> watches = [];
    private readonly HashSet<LinuxContainer> changed = [];
    private readonly OrphanWatch orphans;
    private readonly (uint Mask, long Token)[] ready = new (uint, long)[MostEventsAtOnce];
    private readonly int? onlyThread;
    private long lastToken;

    public LinuxProcessHost(IContainment containment, ILauncher launcher, string? birthReason, bool oneThread)
    {
        onlyThread = oneThread ? Environment.CurrentManagedThreadId : null;
        this.containment = containment;
        this.launcher = launcher;
        orphans = new(this);
        Capabilities = new(containment.Kind, launcher.Way, birthReason, containment.Enforced, [.. containment.NotEnforced, .. launcher.NotEnforced]);
        Register(wake.Handle, wake);
        if (containment.Changes is { } changes)
            Register(changes, containment);
    }

    public HostCapabilities Capabilities { get; }

    public static IProcessHost Create(SupervisorPlace place, ProcessHostOptions options) => LinuxHostParts.Assemble(place, options);

    public Outcome<IReadOnlyList<string>> Sweep(TimeSpan within) => containment.Sweep(within);

    public Outcome<IContainer> Open(string name, LimitsSpec limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (!ContainerName.IsValid(name))
            return new Problem(ProblemKind.BadInput, "container.bad-name", $"'{name}' cannot name a container.") { Mend = "letters, digits, hyphens, dots and underscores, beginning with a letter or digit" };
        return containment.Open(name, limits).Then(container => Outcome.Of<IContainer>(container));
    }

    public Outcome<ChildProcess> Start(IContainer container, Launch launch)
    {
        ArgumentNullException.ThrowIfNull(launch);
        if (onlyThread is { } thread && thread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("A start on a thread that may end before the process does: its child would die with it.");
        var own = container as LinuxContainer ?? throw new ArgumentException("A container of another host.", nameof(container));
        if ((LaunchCheck.Find(launch) ?? own.PrepareBirth()) is { } problem)
            return problem;
        var request = Translate(own, launch);
        var birth = launcher.Start(request);
        if (birth.Process is null)
            return BirthProblem.From(birth.FailedStep, birth.Errno, request);
        // A child that has ended already is still in the table: only we reap it.
        var created = ProcStat.Read(birth.Pid)?.CreationTime ?? 0;
        var child = new HostChild(new(birth.Pid, created, own.Name), own, birth.Process);
        own.Born(birth.Pid);
        own.WasUsed = true;
        Keep(child);
        return child.Process;
    }

    public Outcome<IContainer> TakeOver(ContainerHandover container, LimitsSpec limits)
    {
        ArgumentNullException.ThrowIfNull(container);
        ArgumentNullException.ThrowIfNull(limits);
        return containment.Open(container.Name, limits).Then(taken =>
        {
            taken.TakeOver(container);
            // It may have become empty while nobody looked.
            changed.Add(taken);
            Wake();
            return Outcome.Of<IContainer>(taken);
        });
    }

    public Outcome<ChildProcess> TakeOver(IContainer container, ProcessHandover process)
    {
        ArgumentNullException.ThrowIfNull(process);
        var own = container as LinuxContainer ?? throw new ArgumentException("A container of another host.", nameof(container));
        var child = new ChildProcess(process.Pid, process.CreationTime, own.Name);
        if (ProcStat.Read(process.Pid) is not { } found || found.CreationTime != process.CreationTime || found.ParentPid != Environment.ProcessId)
            return Gone(child);
        // Ours and not reaped: the number is nobody else's.
        var descriptor = Libc.OpenProcess(process.Pid);
        if (descriptor < 0)
            return Gone(child);
        Keep(new(child, own, new(descriptor, ownsHandle: true)));
        return child;
    }

    public Outcome<Done> Signal(ChildProcess process, string signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (SignalNames.NumberOf(signal) is not { } number)
            return new Problem(ProblemKind.BadInput, "signal.unknown", $"There is no signal {signal}.");
        if (!children.TryGetValue(process.Pid, out var child) || child.Process.CreationTime != process.CreationTime)
            return Gone(process);
        if (Libc.SignalProcess(child.Hold, number) == 0)
            return Outcome.Done;
        return Errno.Last == Errno.ESRCH
            ? Gone(process)
            : new Problem(ProblemKind.Failed, "signal.failed", $"Cannot send {signal} to PID {process.Pid}: {Errno.Describe(Errno.Last)}.");
    }

    public void Watch(SafeHandle handle, long token) => Watch(handle, token, Libc.EPOLLIN);

    public void WatchForWriting(SafeHandle handle, long token) => Watch(handle, token, Libc.EPOLLOUT);

    public void Unwatch(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (watches.Remove(handle, out var token))
            Unregister(token, handle);
    }

    public void Wait(TimeSpan timeout, List<HostEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var count = epoll.Wait(ready, orphans.Shorten(timeout, OrphanInterval));
        foreach (var (_, token) in ready.AsSpan(0, count))
        {
            // A token that an event before it in this turn has unregistered is no news any more.
            if (registrations.TryGetValue(token, out var what))
                Take(token, what, events);
        }

        orphans.ReapUnknown();
        foreach (var container in changed)
            TellIfEmpty(container, events);
        changed.Clear();
    }

    public void Wake() => wake.Raise();

    public void Dispose()
    {
        foreach (var child in children.Values)
            child.Hold.Dispose();
        orphans.Dispose();
        containment.Dispose();
        epoll.Dispose();
        wake.Dispose();
        nothing.Dispose();
    }

    /// <summary>Reports to <see cref="Take"/> until unregistered.</summary>
    internal long Register(SafeHandle handle, object what, uint mask = Libc.EPOLLIN)
    {
        var token = ++lastToken;
        registrations[token] = what;
        epoll.Add(handle, mask, token);
        return token;
    }

    internal void Unregister(long token, SafeHandle handle)
    {
        registrations.Remove(token);
        epoll.Remove(handle);
    }

    /// <summary>Whether we started it and have not reaped it.</summary>
    internal bool Knows(int pid) => children.ContainsKey(pid);

    private void Watch(SafeHandle handle, long token, uint mask)
    {
        ArgumentNullException.ThrowIfNull(handle);
        watches[handle] = Register(handle, new HostEvent.Readable(token), mask);
    }

    private void Keep(HostChild child)
    {
        children[child.Process.Pid] = child;
        child.Container.Children++;
        Register(child.Hold, child);
    }

    private void Take(long token, object what, List<HostEvent> events)
    {
        switch (what)
        {
            case HostEvent.Readable readable:
                events.Add(readable);
                break;
            case HostChild child:
                Reap(token, child, events);
                break;
            case EventCounter counter:
                counter.Clear();
                break;
            case IContainment source:
                source.TakeChanges(changed);
                break;
            case OrphanWatch.Member member:
                orphans.Ended(token, member);
                changed.Add(member.Container);
                break;
        }
    }

    private void Reap(long token, HostChild child, List<HostEvent> events)
    {
        if (Reaper.Reap(child.Hold) is not { } exit)
            return;
        Unregister(token, child.Hold);
        child.Hold.Dispose();
        children.Remove(child.Process.Pid);
        child.Container.Children--;
        events.Add(new HostEvent.Exited(child.Process, exit));
        changed.Add(child.Container);
    }

    // The kernel may show a container as empty a moment before it shows its last process as ended: the exit is told first.
    private void TellIfEmpty(LinuxContainer container, List<HostEvent> events)
    {
        if (!container.WasUsed || container.Children > 0)
            return;
        if (container is SessionContainer session ? !orphans.Follow(session) : !container.IsEmpty)
            return;
        container.WasUsed = false;
        events.Add(new HostEvent.Emptied(container));
    }

    private BirthRequest Translate(LinuxContainer container, Launch launch) => new()
    {
        Executable = launch.Executable,
        Arguments = launch.Arguments,
        Environment = container.Mark is { } mark ? new Dictionary<string, string>(launch.Environment) { [mark.Key] = mark.Value } : launch.Environment,
        Folder = launch.WorkingFolder,
        Input = launch.Stdin ?? nothing,
        Output = launch.Stdout ?? nothing,
        Error = launch.Stderr ?? nothing,
        Cgroup = container.Cgroup,
        Joins = container.Joins,
        Account = launch.Account is { } account && IsOther(account) ? account : null,
        // Root may do as it likes; any other account gets no way to more than it has, ours included.
        NoNewPrivileges = (launch.Account?.UserId ?? Libc.EffectiveUser()) != 0,
        Files = container.Limits.Files,
        Cpus = container.Limits.Affinity,
        CoreDumps = container.Limits.CoreDumps,
        Niceness = Niceness.Of(launch.Priority),
    };

    private static bool IsOther(Account account) =>
        Environment.IsPrivilegedProcess || account.UserId != Libc.EffectiveUser() || account.GroupId != Libc.EffectiveGroup();

    private static Problem Gone(ChildProcess process) =>
        new(ProblemKind.NotFound, "process.gone", $"The process with PID {process.Pid} has ended.");
}
