using System.Runtime.Versioning;
using Holdfast.Cli.Commands;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Cli.Units;

/// <summary>
/// Agent and supervisor as services of Windows, which start at boot. A running executable is locked, so versions lie side by side, and a change of
/// version is a change of the command line: the agent takes it up at once, a supervisor at its next start.
/// </summary>
[SupportedOSPlatform("windows")]
/// <param name="listen">What <c>--listen</c> was given; null: what the service has stays.</param>
internal sealed class WindowsNode(Home home, TimeProvider time, string? listen = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ServiceControlManager scm = ServiceControlManager.Local();

    /// <summary>The supervisor first: the agent waits for it.</summary>
    public static IReadOnlyList<string> Names { get; } = [NodeServices.Supervisor, NodeServices.Agent];

    /// <param name="folder">Of the build that they are to run from.</param>
    public IReadOnlyList<NativeServiceConfig> Wanted(string folder) =>
    [
        NodeServices.ForSupervisor($"{Quoted(Path.Combine(folder, "holdfast-supervisor.exe"))} native --home {Quoted(home.Path)}"),
        NodeServices.ForAgent($"{Quoted(Path.Combine(folder, "holdfast.exe"))} agent --home {Quoted(home.Path)} --supervisor external --native{(Listen() is { } address ? $" --listen {address}" : "")}"),
    ];

    private string? Listen() => ListenOption.Kept(listen, scm.Read(NodeServices.Agent) is { IsOk: true } known ? known.Value.Config.CommandLine : null);

    /// <summary>Which of them Windows has.</summary>
    public IReadOnlyList<string> There() => [.. Names.Where(name => scm.Read(name).IsOk)];

    /// <summary>Makes both known, or brings what is known of them up to date; which of them were changed.</summary>
    public Outcome<IReadOnlyList<string>> Write(string folder)
    {
        List<string> changed = [];
        foreach (var config in Wanted(folder))
        {
            var known = scm.Read(config.Name);
            if (known.IsOk && !known.Value.Config.CommandLine.Contains("holdfast", StringComparison.OrdinalIgnoreCase)) return Taken(config.Name);
            if (known.IsOk && known.Value.Config.CommandLine == config.CommandLine) continue;
            var taken = known.IsOk ? scm.Edit(config, []) : scm.Install(config, []);
            if (!taken.IsOk) return Outcome.Failed<IReadOnlyList<string>>(taken.Problems);
            changed.Add(config.Name);
        }

        var ordered = PreshutdownOrder.Add(NodeServices.Agent);
        if (!ordered.IsOk) return Outcome.Failed<IReadOnlyList<string>>(ordered.Problems);
        // Without it Event Viewer shows less of the words; `doctor` tells what was in its way.
        OwnServices.KeepEventSource();
        return changed;
    }

    public Outcome<Done> Start(string name) => Status(name).Then(status => status.State == NativeState.Stopped ? scm.Start(name) : Outcome.Done).Then(_ => WaitFor(name, NativeState.Running));

    public Outcome<Done> Stop(string name) => Status(name).Then(status => status.State == NativeState.Stopped ? Outcome.Done : scm.Control(name, NativeControl.Stop).Then(_ => WaitFor(name, NativeState.Stopped)));

    public bool IsRunning(string name) => Status(name) is { IsOk: true, Value.State: not NativeState.Stopped };

    /// <summary>Both, the agent first; done also where there are none.</summary>
    public Outcome<Done> Remove()
    {
        foreach (var name in There().Reverse())
        {
            var gone = Stop(name).Then(_ => scm.Delete(name));
            if (!gone.IsOk) return gone;
        }

        OwnServices.LetEventSourceGo(scm, Names);
        return PreshutdownOrder.Remove(NodeServices.Agent);
    }

    private Outcome<NativeStatus> Status(string name) => scm.Status(name).Then<NativeStatus>(seen => seen.Status);

    private Outcome<Done> WaitFor(string name, NativeState wanted)
    {
        using var pause = new ManualResetEventSlim();
        var watch = new PendingWatch(wanted);
        while (true)
        {
            var seen = Status(name);
            if (!seen.TryGet(out var status)) return Outcome.Failed<Done>(seen.Problems);
            (watch, var verdict) = watch.Look(status, time.GetElapsedTime(0, time.GetTimestamp()));
            if (verdict is PendingVerdict.Reached) return Outcome.Done;
            if (verdict is not PendingVerdict.Waiting)
                return new Problem(ProblemKind.Failed, "agent.service-not-there", $"{name} is {status.State}, and was to be {wanted}") { Mend = $"see {(name == NodeServices.Agent ? home.AgentLog : new SupervisorPlace(home).Log)}" };
            pause.Wait(Pause);
        }
    }

    private static Problem Taken(string name) => new(ProblemKind.Conflict, "service.name-taken", $"Windows has a service {name} already, which is not ours") { Mend = $"see `sc.exe qc {name}`; remove it first (sc.exe delete {name})" };

    private static string Quoted(string text) => $"\"{text}\"";
}
