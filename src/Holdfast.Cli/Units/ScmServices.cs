using System.Runtime.Versioning;
using Holdfast.Cli.Output;
using Holdfast.Core.EventLog;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Node.Pinning;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Platform.Windows.EventLog;
using Holdfast.Platform.Windows.Services;
using Holdfast.Platform.Windows.Settings;

namespace Holdfast.Cli.Units;

/// <summary>Services as Windows has them: in services.msc, under the name that they have with us.</summary>
[SupportedOSPlatform("windows")]
internal sealed class ScmServices(Home home, TimeProvider time, Terminal terminal) : INativeServices
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ServiceControlManager scm = ServiceControlManager.Local();

    public Outcome<Done> Check() => Outcome.Done;

    public string NameOf(string service) => service;

    public Outcome<AccountPassword> PasswordOf(string? account, string? before, string? from)
    {
        if (from is not null) return AccountPassword.From(from);
        var has = account is null || ScmAccount.HasNoPassword(account) || (before is not null && ScmAccount.Same(account, before));
        return has ? AccountPassword.None() : AccountPassword.Ask(account!, terminal);
    }

    public IReadOnlyList<Problem> Foresee(string service, string? account)
    {
        // What cannot be read is not foreseen: the install itself tells it.
        var ours = OwnServices.Of(scm);
        if (!ours.IsOk) return [];
        var others = ours.Value.Where(one => !one.Config.Name.Equals(service, StringComparison.OrdinalIgnoreCase) && one.Config.StartType != NativeStartType.Disabled);
        return Beyond(account, others.Select(one => one.Config.Account));
    }

    public Outcome<Done> Register(PinnedService service, AccountPassword password)
    {
        ArgumentNullException.ThrowIfNull(service);
        var wanted = Config(service);
        if (!wanted.TryGet(out var config)) return Outcome.Failed<Done>(wanted.Problems);
        var known = scm.Read(service.Name);
        if (known.IsOk && known.Value.Config.CommandLine != config.CommandLine && !NativeCommand.IsOurs(known.Value.Config))
            return new Problem(ProblemKind.Conflict, "service.name-taken", $"Windows has a service {service.Name} already, which is not ours") { Mend = "choose another name (service import: --name NAME), or stop and remove that one first" };
        var taken = known.IsOk ? scm.Edit(config, password.Letters) : scm.Install(config, password.Letters);
        if (!taken.TryGet(out var refused)) return Outcome.Failed<Done>(taken.Problems);
        foreach (var setting in refused) terminal.Say($"warning: {setting}");
        var told = OwnServices.KeepEventSource();
        if (!told.IsOk) terminal.Say($"warning: {told.Problems[0]}");
        return UnitMark.Write(service.Place, service.Name).Then(_ => PinnedServices.HandOver(service));
    }

    public Outcome<Done> Start(string service)
    {
        var seen = scm.Status(service);
        if (!seen.IsOk) return Outcome.Failed<Done>(seen.Problems);
        if (seen.Value.Status.State == NativeState.Stopped) SayBeyond(service);
        var begun = seen.Value.Status.State == NativeState.Stopped ? scm.Start(service) : Outcome.Done;
        return begun.Then(_ => Wait(service, NativeState.Running));
    }

    /// <summary>Whether it fits beside those that run now.</summary>
    private void SayBeyond(string service)
    {
        var (own, ours) = (scm.Read(service), OwnServices.Of(scm));
        if (!own.IsOk || !ours.IsOk) return;
        foreach (var problem in Beyond(own.Value.Config.Account, ours.Value.Where(one => one.Runs).Select(one => one.Config.Account)))
            terminal.Say($"warning: {problem}");
    }

    private static Problem[] Beyond(string? account, IEnumerable<string> others) =>
        DesktopHeap.KilobytesOf(WindowsSettings.SubSystems) is { } kilobytes
        && DesktopHeap.SharedBy(account ?? ScmAccount.LocalSystem, others, kilobytes) is { } room && room.With(1).Problem is { } problem ? [problem] : [];

    public Outcome<Done> Stop(string service)
    {
        var seen = scm.Status(service);
        if (!seen.IsOk) return Outcome.Failed<Done>(seen.Problems);
        if (seen.Value.Status.State == NativeState.Stopped) return Outcome.Done;
        var begun = seen.Value.Status.State == NativeState.StopPending ? Outcome.Done : scm.Control(service, NativeControl.Stop);
        return begun.Then(_ => Wait(service, NativeState.Stopped));
    }

    public Task<Outcome<Done>> PauseAsync(string service, CancellationToken cancel) => Task.FromResult(Control(service, NativeControl.Pause, NativeState.Paused, NativeState.PausePending));

    public Task<Outcome<Done>> ContinueAsync(string service, CancellationToken cancel) => Task.FromResult(Control(service, NativeControl.Continue, NativeState.Running, NativeState.ContinuePending));

    public Outcome<IReadOnlyList<ConfigDifference>>? Drift(PinnedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return Config(service).Then(wanted => scm.Read(service.Name).Then(found => Outcome.Of(ConfigDrift.Between(wanted, found.Config, found.Unknown))));
    }

    public Outcome<Done> Unregister(string service)
    {
        var known = scm.Read(service);
        if (!known.IsOk) return known.Problems[0].Kind == ProblemKind.NotFound ? Outcome.Done : Outcome.Failed<Done>(known.Problems);
        if (!NativeCommand.IsOurs(known.Value.Config)) return Outcome.Done;
        return Stop(service).Then(_ => scm.Delete(service)).Then(_ => Forget(service));
    }

    /// <summary>With the last service of ours on this machine, of whatever home, goes what they all share.</summary>
    private Outcome<Done> Forget(string service)
    {
        var forgotten = OwnServices.LetEventSourceGo(scm, service);
        if (!forgotten.IsOk) terminal.Say($"warning: {forgotten.Problems[0]}");
        return Outcome.Done;
    }

    public NativeLook Look(string service)
    {
        var seen = scm.Status(service);
        if (!seen.TryGet(out var observed)) return new("unknown", 0);
        var state = observed.Status.State switch
        {
            NativeState.Running => "running",
            NativeState.StartPending => "starting",
            NativeState.StopPending => "stopping",
            NativeState.PausePending => "pausing",
            NativeState.Paused => "paused",
            NativeState.ContinuePending => "continuing",
            // 1077: never started since the boot.
            _ => observed.Status.Exit.Win32 is WindowsError.None or WindowsError.NeverStarted ? "stopped" : "failed",
        };
        return new(state, observed.ProcessId);
    }

    private Outcome<Done> Control(string service, NativeControl control, NativeState wanted, NativeState onItsWay)
    {
        var seen = scm.Status(service);
        if (!seen.IsOk) return Outcome.Failed<Done>(seen.Problems);
        if (seen.Value.Status.State == wanted) return Outcome.Done;
        var begun = seen.Value.Status.State == onItsWay ? Outcome.Done : scm.Control(service, control);
        return begun.Then(_ => Wait(service, wanted));
    }

    private Outcome<NativeServiceConfig> Config(PinnedService service) => PinnedServices.RightsOf(service).Then<NativeServiceConfig>(rights =>
    {
        return NativeServiceConfig.Of(service.Spec, NativeCommand.Line(SupervisorLauncher.DefaultExecutable, home, service.Name, service.Pin.LogOnAs is not null)) with
        {
            StartType = service.Pin.Start,
            Dependencies = service.Pin.Dependencies,
            Account = service.Pin.LogOnAs ?? ScmAccount.LocalSystem,
            Rights = rights,
        };
    });

    /// <summary>As long as it makes progress by the SCM's own rule, it is waited for.</summary>
    private Outcome<Done> Wait(string service, NativeState wanted)
    {
        using var pause = new ManualResetEventSlim();
        var watch = new PendingWatch(wanted);
        while (true)
        {
            var seen = scm.Status(service);
            if (!seen.TryGet(out var observed)) return Outcome.Failed<Done>(seen.Problems);
            (watch, var verdict) = watch.Look(observed.Status, time.GetElapsedTime(0, time.GetTimestamp()));
            switch (verdict)
            {
                case PendingVerdict.Reached:
                    return Outcome.Done;
                case PendingVerdict.Waiting:
                    pause.Wait(Pause);
                    break;
                case PendingVerdict.Elsewhere { Status: { State: NativeState.Stopped } ended } when wanted == NativeState.Running && ended.Exit == NativeExit.Success:
                    // It has done its work, or is not wanted to run.
                    return Outcome.Done;
                default:
                    return NotThere(service, wanted, observed.Status);
            }
        }
    }

    private static Problem NotThere(string service, NativeState wanted, NativeStatus status) => new(
        ProblemKind.Failed, NotThereRule(wanted, status.State), $"{service} is {status.State}{(status.Exit == NativeExit.Success ? "" : $" (error {status.Exit.Win32}, {status.Exit.Specific})")}")
    {
        Mend = status.State == NativeState.Paused ? $"`holdfast service continue {service}`" : $"see `holdfast service status {service}` and its supervisor's log",
    };

    private static string NotThereRule(NativeState wanted, NativeState found) => (wanted, found) switch
    {
        (NativeState.Running, NativeState.Paused) => "service.not-continued",
        (NativeState.Running, _) => "service.not-started",
        (NativeState.Paused, _) => "service.not-paused",
        _ => "service.not-stopped",
    };
}
