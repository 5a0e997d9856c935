using System.Runtime.InteropServices;
using Holdfast.Core.Health;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;
using Holdfast.Supervisor.Fencing;
using Holdfast.Supervisor.Launching;

namespace Holdfast.Supervisor.Loop;

/// <summary>Gets an instance's processes started: gate, ports, folders, secrets, environment, pipes; and hears what they say.</summary>
internal sealed class InstanceStarter(long id, string name, ProcessTree tree, World world) : IDisposable
{
    private const int MostNotificationsAtOnce = 64;
    private static readonly Dictionary<string, string> NoVariables = [];

    private PreparedSecrets secrets = PreparedSecrets.None;
    private long? preparedFor;
    private NotifySocket? notify;
    private uint? notifyOwner;

    /// <summary>What operators put into its process's standard input.</summary>
    public InstanceInput Stdin { get; } = new(name, InstanceInput.FirstToken + id, world.Host);

    /// <summary>Starts the main process; the answer for its machine.</summary>
    public Input Start(Instance state, long run)
    {
        try
        {
            return TryStart(Plan(state), run);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SystemException)
        {
            // Out of descriptors, watches or memory, or a bug of ours: this start has failed, the other instances' supervisor has not.
            world.Log.Say($"{name}: {failure}");
            return new Input.StartFailed(run, $"it could not be started: {failure.Message}");
        }
    }

    private Input TryStart(InstancePlan plan, long run)
    {
        var allowed = world.Gate.Check(plan, plan.Executable);
        if (!allowed.IsOk) return new Input.StartRefused(run, InWords(allowed.Problems));
        if (PortCheck.FirstTaken(plan.Ports) is { } taken) return new Input.StartFailed(run, taken);
        var started = Prepare(plan).Then(account => Launch(plan, run, account, plan.Executable, plan.Arguments, NoVariables))
            .Then(launch => StartIn(plan, launch));
        return started.TryGet(out var process)
            ? new Input.Started(run, process.Pid, process.CreationTime)
            : new Input.StartFailed(run, InWords(started.Problems));
    }

    /// <summary>Null: it runs, and <paramref name="finish"/> is called at its end.</summary>
    public Input? RunHook(Instance state, Effect.RunHook hook, Action<string?> finish)
    {
        var plan = Plan(state);
        if (HookOf(plan.Spec, hook.Hook) is not { } spec) return new Input.HookFinished(hook.Run, hook.Hook, null);
        var allowed = world.Gate.Check(plan, spec.Command[0]);
        if (!allowed.IsOk)
        {
            return hook.Hook == HookKind.PreStart
                ? new Input.StartRefused(hook.Run, InWords(allowed.Problems))
                : new Input.HookFinished(hook.Run, hook.Hook, InWords(allowed.Problems));
        }

        var kind = SideKind.Of(hook.Hook);
        var started = Prepare(plan)
            .Then(account => Launch(plan, hook.Run, account, spec.Command[0], [.. spec.Command.Skip(1)], HookVariables(state, kind)))
            .Then(launch => HookIn(plan, kind, hook.Run, launch, spec.Timeout, finish));
        return started.IsOk ? null : new Input.HookFinished(hook.Run, hook.Hook, InWords(started.Problems));
    }

    /// <summary>Null: it runs, and <paramref name="tell"/> is called at its end.</summary>
    public Input? RunExecProbe(Instance state, Effect.RunProbe probe, ExecProbe exec, TimeSpan timeout, Action<ProbeVerdict> tell)
    {
        var plan = Plan(state);
        var started = world.Gate.Check(plan, exec.Command[0])
            .Then(_ => Prepare(plan))
            .Then(account => Launch(plan, probe.Run, account, exec.Command[0], [.. exec.Command.Skip(1)], NoVariables))
            .Then(launch => tree.StartSide(SideKind.Of(probe.Probe), probe.Run, plan.Spec.Limits, launch, world.Uptime, timeout,
                (failure, took) => tell(new ProbeVerdict(failure is null, failure, took))));
        return started.IsOk ? null : new Input.Probed(probe.Run, probe.Probe, new ProbeVerdict(false, InWords(started.Problems), TimeSpan.Zero));
    }

    /// <summary>What has come in on the notify socket, as inputs for the present run.</summary>
    public IReadOnlyList<Input> ReadNotifications(Instance state)
    {
        var inputs = new List<Input>();
        // Level-triggered: who sends without end is read again in the next turn, and nobody else waits for it.
        for (var taken = 0; taken < MostNotificationsAtOnce && notify is { } socket && socket.TryReceive(out var message, out var sender); taken++)
        {
            if (message.IsEmpty) continue;
            if (!tree.Contains(sender)) inputs.Add(new Input.SaidForbidden(state.Run, $"a notification came from PID {sender}, which is not of this instance (or was gone before it could be told apart)"));
            else NotifyInputs.Add(inputs, state.Run, message);
        }

        return inputs;
    }

    /// <summary>To be kept open for the next image.</summary>
    public SafeHandle? NotifyHandle => notify?.Handle;

    public LaunchHandover HandOver() => new()
    {
        NotifySocket = notify is { } socket ? (int)socket.Handle.DangerousGetHandle() : null,
        NotifyOwner = notifyOwner,
        PreparedFor = preparedFor,
        SecretPaths = secrets.Paths,
        SecretValues = secrets.Values,
        PackageSecrets = secrets.Packaged,
    };

    public void TakeOver(LaunchHandover earlier)
    {
        (preparedFor, notifyOwner) = (earlier.PreparedFor, earlier.NotifyOwner);
        secrets = new PreparedSecrets(earlier.SecretPaths, earlier.SecretValues) { Packaged = earlier.PackageSecrets };
        if (earlier.NotifySocket is not { } descriptor) return;
        notify = NotifySocket.TakeOver(NextImage.Take(descriptor), NotifyPath);
        world.Host.Watch(notify.Handle, id);
    }

    public void Dispose()
    {
        Stdin.Dispose();
        DropNotify();
    }

    /// <summary>Nothing of it is left that could look at its lease.</summary>
    public void ForgetLease() => LeaseFile.Delete(LeasePath);

    private void DropNotify()
    {
        if (notify is null) return;
        world.Host.Unwatch(notify.Handle);
        notify.Dispose();
        notify = null;
    }

    /// <summary>Shows what is known of its lease; null: it has none, and never will. What stands by has epoch 0 until it leads.</summary>
    public string? ShowLease(InstancePlan plan)
    {
        if (plan is { Epoch: { } epoch, Lease: { } lease }) LeaseFile.Write(LeasePath, epoch, world.Leases.Find(lease));
        else if (Promotion.IsOf(plan.Spec)) LeaseFile.Write(LeasePath, 0, null);
        else return null;
        return LeasePath;
    }

    private string LeasePath => Path.Combine(world.Place.Home.Notify, name + ".lease");

    private string NotifyPath => Path.Combine(world.Place.Home.Notify, name + ".sock");

    private static Outcome<Account?> Prepare(InstancePlan plan)
    {
        Account? account = null;
        if (plan.Spec.User is { } user)
        {
            var found = AccountDirectory.Find(user);
            if (!found.TryGet(out account)) return Outcome.Failed<Account?>(found.Problems);
        }

        if (!Directory.Exists(plan.DataFolder))
        {
            var made = FolderRights.Ensure(plan.DataFolder, FolderRights.OwnerAndGroup, account);
            if (!made.IsOk) return Outcome.Failed<Account?>(made.Problems);
        }

        return Outcome.Of(account);
    }

    private Outcome<ChildProcess> StartIn(InstancePlan plan, Launch launch)
    {
        var attached = world.Output.Attach(plan, secrets.Values);
        if (!attached.TryGet(out var ends)) return Outcome.Failed<ChildProcess>(attached.Problems);
        using (ends)
        {
            using var input = plan.Spec.Stdin == StdinAccess.Open ? Stdin.Open() : null;
            var started = tree.StartMain(plan.Spec.Limits, launch with { Stdin = input, Stdout = ends.Output, Stderr = ends.Error });
            if (!started.IsOk) Stdin.End();
            return started;
        }
    }

    private Outcome<Done> HookIn(InstancePlan plan, string kind, long run, Launch launch, TimeSpan timeout, Action<string?> finish)
    {
        var attached = world.Output.Attach(plan, secrets.Values);
        if (!attached.TryGet(out var ends)) return Outcome.Failed<Done>(attached.Problems);
        using (ends) return tree.StartSide(kind, run, plan.Spec.Limits, launch with { Stdout = ends.Output, Stderr = ends.Error }, world.Uptime, timeout, (failure, _) => finish(failure));
    }

    private Outcome<Launch> Launch(InstancePlan plan, long run, Account? account, string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> more)
    {
        // Once for a run: its hooks and probes find the same files, and nobody changes them under a service that reads them.
        if (preparedFor != run)
        {
            var prepared = world.Secrets.Prepare(plan, world.Gate.SecretsOf(plan), account);
            if (!prepared.TryGet(out var ready)) return Outcome.Failed<Launch>(prepared.Problems);
            secrets = ready;
            preparedFor = run;
        }

        var environment = LaunchEnvironment.For(plan, NotifyAddress(plan, account), ShowLease(plan), secrets);
        foreach (var (variable, value) in more) environment[variable] = value;
        return new Launch
        {
            Executable = executable,
            Arguments = arguments,
            Environment = environment,
            WorkingFolder = plan.WorkingFolder,
            Account = account,
            Priority = plan.Spec.Priority,
        };
    }

    private string? NotifyAddress(InstancePlan plan, Account? account)
    {
        if (notify is not null && notifyOwner == account?.UserId)
        {
            // What an earlier run has said and nobody read is not this run's.
            for (var taken = 0; taken < MostNotificationsAtOnce && tree.Main is null && notify.TryReceive(out _, out _); taken++)
            {
            }

            return notify.Address;
        }

        DropNotify();
        var created = NotifySocket.Create(NotifyPath, account);
        if (!created.TryGet(out var socket))
        {
            if (plan.Spec.Ready == ReadyWhen.Notify || plan.Spec.Watchdog is not null) world.Log.Say(created.Problems);
            return null;
        }

        (notify, notifyOwner) = (socket, account?.UserId);
        world.Host.Watch(socket.Handle, id);
        return socket.Address;
    }

    private static Dictionary<string, string> HookVariables(Instance state, string kind)
    {
        var variables = new Dictionary<string, string> { ["HOLDFAST_HOOK"] = kind };
        if (Plan(state).Epoch is { } epoch) variables["HOLDFAST_EPOCH"] = epoch.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (state.Process is { } process) variables["HOLDFAST_MAINPID"] = process.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (state.LastExit is { } exit) variables["HOLDFAST_LAST_EXIT"] = exit.ToString();
        return variables;
    }

    private static HookSpec? HookOf(ServiceSpec spec, HookKind hook) => hook switch
    {
        HookKind.PreStart => spec.Hooks.PreStart,
        HookKind.PostStart => spec.Hooks.PostStart,
        HookKind.PreStop => spec.Hooks.PreStop,
        HookKind.PostStop => spec.Hooks.PostStop,
        HookKind.Pause => spec.Windows?.Pause?.Hooks?.Pause,
        HookKind.Continue => spec.Windows?.Pause?.Hooks?.Continue,
        HookKind.Promote => spec.Placement.Promote?.Hook,
        _ => spec.Reload?.Hook,
    };

    private static InstancePlan Plan(Instance state) => (state.Active ?? state.Desired).Plan;

    private static string InWords(IReadOnlyList<Problem> problems) => string.Join("; ", problems.Take(3).Select(p => p.ToString()))
        + (problems.Count > 3 ? $"; and {problems.Count - 3} more" : "");
}
