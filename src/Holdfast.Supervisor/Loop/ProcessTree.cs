using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Loop;

/// <summary>
/// The processes of one instance: the main one in its container, and hooks and exec probes each in one of their own.
/// It is empty when all of them are.
/// </summary>
internal sealed class ProcessTree(string name, IProcessHost host, Dictionary<string, ProcessTree> registry)
{
    private readonly Dictionary<string, IContainer> containers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SideRun> sides = new(StringComparer.Ordinal);
    private bool killing;

    public required Action<ProcessExit> OnMainExit { get; init; }

    /// <summary>After <see cref="Kill"/>: nothing is alive any more. Told once.</summary>
    public required Action OnEmpty { get; init; }

    /// <summary>Called before anything is started in a container.</summary>
    public required Action<IContainer> OnUse { get; init; }

    public ChildProcess? Main { get; private set; }

    public ContainmentStatus Containment => containers.TryGetValue(name, out var container) ? container.Status : new ContainmentStatus();

    /// <summary>When the next hook or exec probe has had its time.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            TimeSpan? next = null;
            foreach (var side in sides.Values)
            {
                if (!side.TimedOut && !(next <= side.Due)) next = side.Due;
            }

            return next;
        }
    }

    public bool IsEmpty
    {
        get
        {
            foreach (var container in containers.Values)
            {
                if (!container.IsEmpty) return false;
            }

            return true;
        }
    }

    public bool Contains(int pid) => Main?.Pid == pid || containers.Values.Any(c => c.Members().Contains(pid));

    public Outcome<ChildProcess> StartMain(LimitsSpec limits, Launch launch)
    {
        killing = false;
        var started = Open(name, limits).Then(container =>
        {
            OnUse(container);
            return host.Start(container, launch);
        });
        if (started.TryGet(out var process)) Main = process;
        return started;
    }

    /// <summary>Starts a hook or an exec probe. <paramref name="finish"/> gets its failure (null: exit code 0) and how long it took, unless everything is killed first.</summary>
    public Outcome<Done> StartSide(string kind, long run, LimitsSpec limits, Launch launch, TimeSpan now, TimeSpan timeout, Action<string?, TimeSpan> finish)
    {
        if (sides.ContainsKey(kind))
            return new Problem(ProblemKind.Conflict, "supervision.side-running", $"the {kind} command before this one still runs");
        var opened = Open($"{name}.{kind}", limits);
        if (!opened.TryGet(out var container)) return Outcome.Failed<Done>(opened.Problems);
        OnUse(container);
        var started = host.Start(container, launch);
        if (!started.TryGet(out var process)) return Outcome.Failed<Done>(started.Problems);
        sides[kind] = new SideRun(run, container, process, now, now + timeout, finish);
        return Outcome.Done;
    }

    /// <summary>What is there is used for something else from now on.</summary>
    public void UseAgain()
    {
        foreach (var container in containers.Values) OnUse(container);
    }

    public TreeHandover HandOver() => new()
    {
        Containers = [.. containers.Values.Select(container => container.HandOver())],
        Main = Main is { } main ? new(main.Pid, main.CreationTime) : null,
        Sides = [.. sides.Select(side => side.Value.HandOver(side.Key))],
        Killing = killing,
    };

    /// <summary>Goes on with what the earlier image had.</summary>
    /// <param name="finishOf">What is to happen at the end of a hook or probe, by its kind and run.</param>
    public Outcome<Done> TakeOver(TreeHandover earlier, LimitsSpec limits, Func<string, long, Action<string?, TimeSpan>> finishOf)
    {
        foreach (var container in earlier.Containers)
        {
            var taken = host.TakeOver(container, limits);
            if (!taken.TryGet(out var ours)) return Outcome.Failed<Done>(taken.Problems);
            OnUse(ours);
            containers[container.Name] = ours;
            registry[container.Name] = this;
        }

        if (earlier.Main is { } main)
        {
            var taken = host.TakeOver(containers[name], main);
            if (!taken.TryGet(out var process)) return Outcome.Failed<Done>(taken.Problems);
            Main = process;
        }

        foreach (var side in earlier.Sides)
        {
            var container = containers[$"{name}.{side.Kind}"];
            var process = new ChildProcess(side.Process.Pid, side.Process.CreationTime, container.Name);
            if (!side.Ended && !host.TakeOver(container, side.Process).TryGet(out process!))
                return new Problem(ProblemKind.Failed, "upgrade.side", $"the {side.Kind} command of {name} (PID {side.Process.Pid}) is no child any more");
            sides[side.Kind] = new SideRun(side.Run, container, process, side.Since, side.Due, finishOf(side.Kind, side.Run)) { TimedOut = side.TimedOut, Ended = side.Ended, Failure = side.Failure };
        }

        killing = earlier.Killing;
        return Outcome.Done;
    }

    public Outcome<Done> Signal(string signal) => Main is { } main
        ? host.Signal(main, signal)
        : new Problem(ProblemKind.NotFound, "process.gone", "its main process is gone");

    /// <summary>Suspends what its main process is and has started; hooks and probes run on. True: all of that stands still.</summary>
    public Outcome<bool> Suspend() => containers.TryGetValue(name, out var container) ? container.Suspend() : true;

    /// <summary>Lets it run again.</summary>
    public Outcome<Done> LetRun() => containers.TryGetValue(name, out var container) ? container.LetRun() : Outcome.Done;

    /// <summary>Kills all of it; <see cref="OnEmpty"/> follows, at once or later.</summary>
    public void Kill()
    {
        killing = true;
        sides.Clear();
        foreach (var container in containers.Values) container.Kill();
        TellIfEmpty();
    }

    /// <summary>Kills the hooks and probes that have had their time.</summary>
    public void KillLate(TimeSpan now)
    {
        foreach (var side in sides.Values)
        {
            if (side.Due > now || side.TimedOut) continue;
            side.TimedOut = true;
            side.Failure = "no end within its timeout; it was killed";
            side.Container.Kill();
        }
    }

    public void TakeExit(ChildProcess process, ProcessExit exit, TimeSpan now)
    {
        if (Main is { } main && main.Pid == process.Pid && main.CreationTime == process.CreationTime)
        {
            Main = null;
            OnMainExit(exit);
            return;
        }

        foreach (var side in sides.Values)
        {
            if (side.Process.Pid != process.Pid) continue;
            side.Ended = true;
            if (!side.TimedOut && exit is not { Code: 0 }) side.Failure = exit.At(default).ToString();

            // What it left running in its own container ends with it.
            side.Container.Kill();
            break;
        }

        TakeEmptied(now);
    }

    public void TakeEmptied(TimeSpan now)
    {
        foreach (var (kind, side) in sides)
        {
            if (!side.Ended || !side.Container.IsEmpty) continue;
            sides.Remove(kind);
            side.Finish(now);
            break;
        }

        TellIfEmpty();
    }

    /// <summary>The instance is gone: its containers go too.</summary>
    public void Remove()
    {
        foreach (var (container, handle) in containers)
        {
            registry.Remove(container);
            handle.Remove();
        }

        containers.Clear();
    }

    private void TellIfEmpty()
    {
        if (!killing || !IsEmpty) return;
        killing = false;
        OnEmpty();
    }

    private Outcome<IContainer> Open(string container, LimitsSpec limits)
    {
        if (containers.TryGetValue(container, out var known))
        {
            known.Limit(limits);
            return Outcome.Of(known);
        }

        var opened = host.Open(container, limits);
        if (opened.TryGet(out var fresh))
        {
            containers[container] = fresh;
            registry[container] = this;
        }

        return opened;
    }
}
