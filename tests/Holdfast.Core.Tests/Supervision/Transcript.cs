using System.Globalization;
using System.Text;
using Holdfast.Core.Health;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

/// <summary>
/// Plays a scenario through the machine. Lines that begin with <c>#</c> are prose, <c>spec KEY VALUE</c> sets the service up,
/// <c>&gt; TIME INPUT</c> is an input; what follows an input is what the machine made of it.
/// </summary>
internal sealed class Transcript
{
    private readonly StringBuilder played = new();
    private ServiceSpec spec = Plans.Spec;
    private Instance? instance;
    private RunState run = RunState.Running;
    private int release = 1;
    private long incarnation = 1;
    private long? epoch;
    private bool standsBy;

    public static string Play(string scenario)
    {
        var transcript = new Transcript();
        foreach (var line in scenario.Split('\n'))
        {
            if (line.StartsWith("> ", StringComparison.Ordinal)) transcript.Take(line);
            else if (line.StartsWith('#') || line.Length == 0) transcript.Say(line);
            else if (line.StartsWith("spec ", StringComparison.Ordinal)) transcript.Set(line);
        }

        return transcript.played.ToString().TrimEnd('\n') + "\n";
    }

    private void Take(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = TimeSpan.FromSeconds(double.Parse(words[1].TrimEnd('s'), CultureInfo.InvariantCulture));
        var now = new Moment(at, DateTimeOffset.UnixEpoch + at, 0.5);
        var rest = string.Join(' ', words[3..]);
        var input = Parse(words[2], words[3..], rest);
        instance ??= Instance.New(((Input.Applied)input).Desired, now);
        var step = InstanceMachine.Step(instance, input, now);
        var before = instance.Phase;
        instance = step.State;

        Say(line);
        foreach (var effect in step.Effects) Say("    " + InWords(effect));
        if (!Equals(before, instance.Phase) || step.Effects.Count > 0)
            Say($"    = {instance.Phase.State.ToString().ToLowerInvariant()}/{instance.Phase.GetType().Name}{Due()}: {step.Reason}");
    }

    private string Due() => instance!.NextDue is { } due ? string.Create(CultureInfo.InvariantCulture, $" until {due.TotalSeconds:0.###}s") : "";

    private Input Parse(string word, string[] words, string rest)
    {
        var number = instance?.Run ?? 0;
        switch (word)
        {
            case "apply":
                foreach (var change in words)
                {
                    if (change == "run") run = RunState.Running;
                    else if (change == "stop") run = RunState.Stopped;
                    else if (change.StartsWith("release=", StringComparison.Ordinal)) release = int.Parse(change[8..], CultureInfo.InvariantCulture);
                    else if (change.StartsWith("incarnation=", StringComparison.Ordinal)) incarnation = long.Parse(change[12..], CultureInfo.InvariantCulture);
                    else if (change == "standby") (epoch, standsBy) = (null, true);
                    else if (change.StartsWith("epoch=", StringComparison.Ordinal)) (epoch, standsBy) = (long.Parse(change[6..], CultureInfo.InvariantCulture), false);
                    else throw new ArgumentException(change);
                }

                var wanted = Plans.Wanted(spec, run, release, incarnation);
                return new Input.Applied(wanted with { Plan = wanted.Plan with { Epoch = epoch, Lease = epoch is null ? null : 77, StandsBy = standsBy } });
            case "fence": return new Input.Fenced(rest);
            case "promoted": return new Input.PromotionAnswered(number, words[0] == "ok" ? null : rest);
            case "remove": return new Input.Removed();
            case "resume": return new Input.Resumed();
            case "halt": return new Input.Halted();
            case "tick": return new Input.TimePassed();
            case "after": return new Input.AfterChanged(rest == "met" ? null : rest);
            case "started": return new Input.Started(number, int.Parse(words[0], CultureInfo.InvariantCulture), 77);
            case "late-exit": return new Input.Exited(number - 1, new ExitInfo(1, null, false, DateTimeOffset.UnixEpoch));
            case "start-failed": return new Input.StartFailed(number, rest);
            case "start-refused": return new Input.StartRefused(number, rest);
            case "exit":
                var code = int.TryParse(words[0], CultureInfo.InvariantCulture, out var parsed);
                return new Input.Exited(number, new ExitInfo(code ? parsed : null, code ? null : words[0], false, DateTimeOffset.UnixEpoch), words.Length > 1 ? string.Join(' ', words[1..]) : null);
            case "empty": return new Input.ContainerEmpty(number);
            case "probe":
                var ok = words[1] == "ok";
                return new Input.Probed(number, Enum.Parse<ProbeName>(words[0], ignoreCase: true), new ProbeVerdict(ok, ok ? null : string.Join(' ', words[1..]), TimeSpan.FromMilliseconds(1)));
            case "hook":
                return new Input.HookFinished(number, Enum.Parse<HookKind>(words[0], ignoreCase: true), words[1] == "ok" ? null : string.Join(' ', words[1..]));
            case "says":
                return words[0] switch
                {
                    "READY" => new Input.SaidReady(number),
                    "ALIVE" => new Input.SaidAlive(number),
                    "BROKEN" => new Input.SaidBroken(number),
                    "STOPPING" => new Input.SaidStopping(number),
                    "MORE" => new Input.SaidMoreTime(number, Seconds(words[1])),
                    "STATUS" => new Input.SaidStatus(number, string.Join(' ', words[1..])),
                    "MAINPID" => new Input.SaidForbidden(number, "MAINPID=1 was refused"),
                    _ => throw new ArgumentException(rest),
                };
            case "signal": return new Input.SignalAsked(9, words[0]);
            case "pause": return new Input.PauseAsked(9);
            case "continue": return new Input.ContinueAsked(8);
            case "suspended": return new Input.Suspended(number, words[0] == "still");
            case "answer":
                return new Input.PauseAnswered(number, Enum.Parse<PauseAct>(words[0]), words[1] == "ok" ? null : string.Join(' ', words[1..]));
            case "reload": return new Input.ReloadAsked(9);
            default: throw new ArgumentException($"no such input: {word}");
        }
    }

    private void Set(string line)
    {
        Say(line);
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        var value = words.Length > 1 ? words[1] : "";
        var hook = new HookSpec { Command = ["/bin/hook"] };
        spec = words[0] switch
        {
            "restart.delays" => spec with { Restart = spec.Restart with { Delays = [.. words[1..].Select(Seconds)] } },
            "restart.attempts" => spec with { Restart = spec.Restart with { Attempts = int.Parse(value, CultureInfo.InvariantCulture) } },
            "restart.window" => spec with { Restart = spec.Restart with { Window = Seconds(value) } },
            "restart.resetAfter" => spec with { Restart = spec.Restart with { ResetAfter = Seconds(value) } },
            "restart.policy" => spec with { Restart = spec.Restart with { Policy = Enum.Parse<RestartPolicy>(value) } },
            "restart.permanent" => spec with { Restart = spec.Restart with { PermanentCodes = [int.Parse(value, CultureInfo.InvariantCulture)] } },
            "stop.timeout" => spec with { Stop = spec.Stop with { Timeout = Seconds(value) } },
            "ready" => spec with { Ready = Enum.Parse<ReadyWhen>(value) },
            "readyDeadline" => spec with { ReadyDeadline = Seconds(value) },
            "watchdog" => spec with { Watchdog = Seconds(value) },
            "after" => spec with { After = [new AfterSpec(value)] },
            "reload.signal" => spec with { Reload = new ReloadSpec { Signal = value } },
            "reload.hook" => spec with { Reload = new ReloadSpec { Hook = hook } },
            "promote.signal" => Hot(new PromoteSpec { Signal = value }),
            "promote.hook" => Hot(new PromoteSpec { Hook = hook }),
            "promote.http" => Hot(new PromoteSpec { Http = new PromoteHttp("http", "/promote"), Timeout = Seconds(value) }),
            "pause.hooks" => Pausing(new PauseSpec { Hooks = new PauseHooks(hook, hook) }),
            "pause.http" => Pausing(new PauseSpec { Http = new PauseHttp("http", "/pause", "/continue"), Timeout = Seconds(value) }),
            "pause.suspend" => Pausing(new PauseSpec { Suspend = true, Timeout = Seconds(value) }),
            "hook" => spec with
            {
                Hooks = value switch
                {
                    "preStart" => spec.Hooks with { PreStart = hook },
                    "postStart" => spec.Hooks with { PostStart = hook },
                    "preStop" => spec.Hooks with { PreStop = hook },
                    _ => spec.Hooks with { PostStop = hook },
                },
            },
            "probe" => spec with
            {
                Health = value switch
                {
                    "startup" => spec.Health with { Startup = Probe(words) },
                    "liveness" => spec.Health with { Liveness = Probe(words) },
                    _ => spec.Health with { Readiness = Probe(words) },
                },
            },
            _ => throw new ArgumentException(line),
        };
    }

    private ServiceSpec Pausing(PauseSpec pause) => spec with { Windows = new WindowsSpec { NativeService = true, Pause = pause } };

    private ServiceSpec Hot(PromoteSpec promote) =>
        spec with { Placement = new PlacementSpec { Mode = PlacementMode.ActiveStandby, Standby = Holdfast.Core.Leadership.Standby.Hot, Promote = promote } };

    private static ProbeSpec Probe(string[] words) => new()
    {
        Tcp = new TcpProbe("http"),
        Interval = Seconds(words[2]),
        Failures = int.Parse(words[3], CultureInfo.InvariantCulture),
    };

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));

    private static string InWords(Effect effect) => effect switch
    {
        Effect.StartProcess start => $"do start process, run {start.Run}",
        Effect.RunHook hook => $"do run the {hook.Hook} hook",
        Effect.Signal signal => $"do send SIG{signal.Name} to {signal.Pid}",
        Effect.KillContainer => "do kill container",
        Effect.RunProbe probe => $"do run the {probe.Probe} probe",
        Effect.CallService call => $"do call the service: {call.Act}",
        Effect.PutUnderLease => "do put all of it under its lease",
        Effect.CallPromotion => "do tell the service that it leads",
        Effect.Suspend => "do suspend all of it",
        Effect.LetRun => "do let all of it run",
        Effect.StopProbes => "do stop probes",
        Effect.LookAfter => "do look what it comes after",
        Effect.WriteEvent written => $"event {written.Kind}: {written.Reason}{(written.Pid is { } pid ? $" [{pid}]" : "")}",
        Effect.Save => "do save",
        Effect.Forget => "do forget",
        Effect.Reply { Problem: null } => "reply: done",
        Effect.Reply { Problem: { } problem } => $"reply: {problem.What}",
        _ => throw new ArgumentException(effect.ToString()),
    };

    private void Say(string line) => played.Append(line).Append('\n');
}
