using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Births;
using Holdfast.Platform.Windows.Jobs;
using Holdfast.Platform.Windows.Native;
using Holdfast.Platform.Windows.Processes;
using Holdfast.Platform.Windows.Stopping;
using Holdfast.Platform.Windows.Waiting;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows;

/// <summary>
/// Job objects and CreateProcess, tied together by one completion port. A job holds what is born in it and dies with this process, unless
/// somebody else has it open: for that there is the sweep. Exits are seen by waiting for the processes, emptiness by the job's own count:
/// the job's messages only say when to look, for Windows does not promise to deliver them.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsProcessHost : IProcessHost
{
    private const int MostEventsAtOnce = 256;

    /// <summary>A container whose children have ended while their children live is looked at this often, in case a message got lost.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long what another process has left in a job of the same name may take to be gone.</summary>
    private static readonly TimeSpan EmptyWithin = TimeSpan.FromSeconds(5);

    private readonly HandleWaits waits = new();
    private readonly SafeFileHandle nothing = NullDevice.Open();
    private readonly JobObject helpers = JobObject.Make(null);
    private readonly SupervisorPlace place;
    private readonly Dictionary<long, object> registrations = [];
    private readonly Dictionary<SafeHandle, long> watches = [];
    private readonly Dictionary<int, HostChild> children = [];
    private readonly Dictionary<string, JobContainer> containers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<nuint, JobContainer> byKey = [];
    private readonly HashSet<JobContainer> changed = [];

    /// <summary>Those whose children have ended while others live in them.</summary>
    private readonly HashSet<JobContainer> lingering = [];
    private readonly ReadyEvent[] ready = new ReadyEvent[MostEventsAtOnce];
    private readonly int? onlyThread;
    private nuint lastKey = HandleWaits.FirstOther;
    private long lastToken;

    public WindowsProcessHost(SupervisorPlace place, ProcessHostOptions options)
    {
        if (options.Containment is not (null or ContainmentKind.Job)) throw new PlatformNotSupportedException($"{options.Containment} holds no processes on Windows; job objects do.");
        onlyThread = options.OneThread ? Environment.CurrentManagedThreadId : null;
        this.place = place;
        _ = JobLimits.Apply(helpers, new());
        // Children inherit whether Ctrl-C is ignored: whoever has started us as a group of its own has had it so for us.
        Kernel32.SetConsoleCtrlHandler(0, false);
        waits.Other = TakePacket;
        Capabilities = new(ContainmentKind.Job, BirthWay.Native, null, JobLimits.Known, JobLimits.Unknown);
    }

    public HostCapabilities Capabilities { get; }

    public Outcome<IReadOnlyList<string>> Sweep(TimeSpan within) => JobSweep.Run(place, within);

    public Outcome<IContainer> Open(string name, LimitsSpec limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (!ContainerName.IsValid(name))
            return new Problem(ProblemKind.BadInput, "container.bad-name", $"'{name}' cannot name a container.") { Mend = "letters, digits, hyphens, dots and underscores, beginning with a letter or digit" };
        if (containers.TryGetValue(name, out var known))
        {
            known.Limit(limits);
            return Outcome.Of<IContainer>(known);
        }

        try
        {
            return Make(name, limits);
        }
        catch (IOException refused)
        {
            return new Problem(ProblemKind.Failed, "container.refused", $"Windows gives no container for {name}.") { Why = refused.Message };
        }
    }

    public Outcome<ChildProcess> Start(IContainer container, Launch launch)
    {
        ArgumentNullException.ThrowIfNull(launch);
        if (onlyThread is { } thread && thread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("A start on another thread than the host's: what is started there is seen by nobody in time.");
        var own = container as JobContainer ?? throw new ArgumentException("A container of another host.", nameof(container));
        if ((BirthProblem.Foresee(launch) ?? Account(launch) ?? (own.Limits.Affinity is { } cpus ? HostCpus.Missing(cpus) : null)) is { } problem) return problem;
        var born = Birth.Start(new()
        {
            Executable = launch.Executable,
            Arguments = launch.Arguments,
            Environment = launch.Environment,
            Folder = launch.WorkingFolder,
            Input = launch.Stdin ?? nothing,
            Output = launch.Stdout ?? nothing,
            Error = launch.Stderr ?? nothing,
            Job = own.Job.Handle,
            // A console of its own, without a window: Ctrl-C goes to a console, and reaches nobody else there. No process group of its own, which would make it deaf to Ctrl-C.
            Flags = Kernel32.CREATE_NO_WINDOW | PriorityFlag.Of(launch.Priority),
        });
        if (born.Process is null) return BirthProblem.From(born.Error, launch);
        var child = new HostChild(new(born.Pid, ProcessTable.CreationTimeOf(born.Process), own.Name), own, born.Process);
        (own.WasUsed, own.WasKilled) = (true, false);
        try
        {
            Register(born.Process, child);
        }
        catch (IOException failure)
        {
            // Without that its end would never be told.
            Kernel32.TerminateProcess(born.Process, JobObject.KilledCode);
            born.Process.Dispose();
            return new Problem(ProblemKind.Failed, "process.not-watched", $"PID {born.Pid} cannot be waited for, and was ended.") { Why = failure.Message };
        }

        own.Children++;
        children[born.Pid] = child;
        return child.Process;
    }

    public Outcome<IContainer> TakeOver(ContainerHandover container, LimitsSpec limits) => NothingIsHandedOver;

    public Outcome<ChildProcess> TakeOver(IContainer container, ProcessHandover process) => NothingIsHandedOver;

    public Outcome<Done> Signal(ChildProcess process, string signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (signal != StopSignals.Kill && !StopSignals.IsRequest(signal))
            return new Problem(ProblemKind.BadInput, "signal.unknown", $"There is no signal {signal} on Windows.") { Mend = "TERM (Ctrl-C, and its windows are closed), INT (Ctrl-C), QUIT (Ctrl-Break), HUP (its windows are closed), KILL" };
        if (!children.TryGetValue(process.Pid, out var child) || child.Process.CreationTime != process.CreationTime || ProcessTable.HasEnded(child.Hold)) return Gone(process);
        return signal == StopSignals.Kill ? Kill(child) : Ask(process, signal);
    }

    public void Watch(SafeHandle handle, long token)
    {
        ArgumentNullException.ThrowIfNull(handle);
        watches[handle] = Register(handle, new HostEvent.Readable(token));
    }

    /// <summary>What can be written to on Windows has an event that says so: it is waited for as any other.</summary>
    public void WatchForWriting(SafeHandle handle, long token) => Watch(handle, token);

    public void Unwatch(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (!watches.Remove(handle, out var token)) return;
        registrations.Remove(token);
        waits.Remove(handle);
    }

    public void Wait(TimeSpan timeout, List<HostEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var count = waits.Wait(ready, Shorten(timeout));
        foreach (var one in ready.AsSpan(0, count))
        {
            // A token that an event before it in this turn has unregistered is no news any more.
            if (!registrations.TryGetValue(one.Token, out var what)) continue;
            if (what is HostEvent.Readable readable) events.Add(readable);
            else if (what is HostChild child) Collect(one.Token, child, events);
            else if (what is SafeProcessHandle helper) Release(one.Token, helper);
        }

        changed.UnionWith(lingering);
        foreach (var container in changed) TellIfEmpty(container, events);
        changed.Clear();
    }

    public void Wake() => waits.Wake();

    public void Dispose()
    {
        foreach (var child in children.Values) child.Hold.Dispose();
        foreach (var helper in registrations.Values.OfType<SafeProcessHandle>()) helper.Dispose();
        // Their last handles: whatever still lives in them is killed.
        foreach (var container in containers.Values) container.Job.Dispose();
        helpers.Dispose();
        waits.Dispose();
        nothing.Dispose();
    }

    private static Problem NothingIsHandedOver => new(ProblemKind.Refused, "upgrade.in-place", "On Windows nothing is handed over to a next image: there is none.");

    private static Problem? Account(Launch launch) => launch.Account is not { } account || account.Sid == Sids.Own
        ? null
        : new(ProblemKind.Refused, "process.account", $"This supervisor cannot start a process as {account.Name}.")
        {
            Why = "on Windows only the service control manager gives out another account without its password",
            Mend = "make it a native service with that account, or leave 'user' out",
        };

    private Outcome<IContainer> Make(string name, LimitsSpec limits)
    {
        var id = JobNames.Global + JobSweep.PrefixOf(place) + name;
        var job = JobObject.Make(id);
        // Somebody who looks at a job keeps it alive a moment longer than the supervisor that made it.
        if (job.ActiveProcesses > 0)
        {
            job.Kill();
            if (!SpinWait.SpinUntil(() => job.ActiveProcesses == 0, EmptyWithin))
            {
                job.Dispose();
                return new Problem(ProblemKind.Conflict, "container.still-dying", $"The container {id} is of an earlier supervisor, and what was in it has not ended yet.");
            }
        }

        var key = ++lastKey;
        job.TellTo(waits.Port, key);
        var container = new JobContainer(job, name, id, limits, gone =>
        {
            containers.Remove(gone.Name);
            byKey.Remove(key);
            lingering.Remove(gone);
        });
        byKey[key] = container;
        containers[name] = container;
        return Outcome.Of<IContainer>(container);
    }

    private static Outcome<Done> Kill(HostChild child)
    {
        child.WasKilled = true;
        return Kernel32.TerminateProcess(child.Hold, JobObject.KilledCode) || ProcessTable.HasEnded(child.Hold)
            ? Outcome.Done
            : new Problem(ProblemKind.Failed, "signal.failed", $"Cannot end PID {child.Process.Pid}: {Win32Error.Describe(Win32Error.Last)}.");
    }

    /// <summary>Its answer is awaited by nobody: whether the process ends is what counts, and who asks has a time-out.</summary>
    private Outcome<Done> Ask(ChildProcess process, string signal)
    {
        var request = new BirthRequest
        {
            Executable = Environment.ProcessPath!,
            Arguments = [ConsoleSignal.Verb, process.Pid.ToString(CultureInfo.InvariantCulture), process.CreationTime.ToString(CultureInfo.InvariantCulture), signal],
            // Ours: it is our own executable, and finds its runtime as we have found it.
            Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? ""),
            Folder = AppContext.BaseDirectory,
            Input = nothing,
            Output = nothing,
            Error = nothing,
            Job = helpers.Handle,
            Flags = Kernel32.DETACHED_PROCESS,
        };
        var born = Birth.Start(request);
        if (born.Process is null)
            return BirthProblem.From(born.Error, new Launch { Executable = request.Executable, WorkingFolder = request.Folder });
        Register(born.Process, born.Process);
        return Outcome.Done;
    }

    private long Register(SafeHandle handle, object what)
    {
        var token = ++lastToken;
        registrations[token] = what;
        waits.Add(handle, token);
        return token;
    }

    private void Release(long token, SafeHandle handle)
    {
        registrations.Remove(token);
        waits.Remove(handle);
        handle.Dispose();
    }

    private void Collect(long token, HostChild child, List<HostEvent> events)
    {
        if (!ProcessTable.HasEnded(child.Hold) || !Kernel32.GetExitCodeProcess(child.Hold, out var code)) return;
        Release(token, child.Hold);
        children.Remove(child.Process.Pid);
        child.Container.Children--;
        var killed = code == JobObject.KilledCode && (child.WasKilled || child.Container.WasKilled);
        events.Add(new HostEvent.Exited(child.Process, killed ? new(null, "SIGKILL", false) : new((int)code, null, false)));
        changed.Add(child.Container);
    }

    private void TellIfEmpty(JobContainer container, List<HostEvent> events)
    {
        lingering.Remove(container);
        if (!container.WasUsed || (container.Children > 0 && !container.WasKilled)) return;
        if (container.Children > 0 || !container.IsEmpty)
        {
            // What was being born while all was killed may turn up after it: it was to be killed as well.
            if (container.WasKilled) container.Job.Kill();
            lingering.Add(container);
            return;
        }

        container.WasUsed = false;
        events.Add(new HostEvent.Emptied(container));
    }

    private void TakePacket(Kernel32.Packet packet)
    {
        if (byKey.TryGetValue(packet.Key, out var container)) changed.Add(container);
    }

    private TimeSpan Shorten(TimeSpan timeout) =>
        lingering.Count > 0 && (timeout < TimeSpan.Zero || timeout > LookInterval) ? LookInterval : timeout;

    private static Problem Gone(ChildProcess process) =>
        new(ProblemKind.NotFound, "process.gone", $"The process with PID {process.Pid} has ended.");
}
