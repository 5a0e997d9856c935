using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>A service that NSSM keeps, from the export of its registry key (<c>reg export HKLM\SYSTEM\CurrentControlSet\Services\NAME</c>).</summary>
public static class NssmImport
{
    /// <summary>What NSSM waits after each way to stop where nothing else is set.</summary>
    private const uint StopStepMilliseconds = 1500;

    private const string Services = @"\Services\";

    private static readonly (string Name, int Bit)[] StopSteps = [("AppStopMethodConsole", 1), ("AppStopMethodWindow", 2), ("AppStopMethodThreads", 4)];

    private static readonly string[] FileForms = ["ShareMode", "CreationDisposition", "FlagsAndAttributes"];

    private static readonly Dictionary<string, string> Otherwise = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AppStdin"] = "a service's input is no file here; with `stdin: open` in its spec operators write to it (holdfast attach)",
        ["AppStdout"] = "output is captured in segments (`holdfast logs`), and no file is written",
        ["AppStderr"] = "output is captured in segments (`holdfast logs`), and no file is written",
        ["AppTimestampLog"] = "every line has its time here",
        ["AppThrottle"] = "restarts are governed by `restart`: few, spaced, and given up when they do not help",
        ["AppNoConsole"] = "every service has a console of its own, without a window",
        ["AppKillProcessTree"] = "everything that the program started ends with it",
        ["AppRotateOnline"] = "segments are rotated while the service runs",
        ["AppRotateDelay"] = "segments are rotated while the service runs",
        ["AppRotateBytesHigh"] = "a segment of 4 GiB is none: `output.rotate.size`",
        ["AppStdoutCopyAndTruncate"] = "output is captured in segments (`holdfast logs`), and no file is written",
        ["AppStderrCopyAndTruncate"] = "output is captured in segments (`holdfast logs`), and no file is written",
        ["AppRedirectHook"] = "hooks' output is captured as the service's is",
    };

    /// <summary>What has its counterpart, and under which key.</summary>
    public static IReadOnlyDictionary<string, string> Words { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Application"] = "command",
        ["AppParameters"] = "command",
        ["AppDirectory"] = "workingFolder",
        ["AppEnvironment"] = "environment",
        ["AppEnvironmentExtra"] = "environment",
        ["AppPriority"] = "priority",
        ["AppAffinity"] = "limits.affinity",
        ["AppStopMethodSkip"] = "stop.timeout",
        ["AppStopMethodConsole"] = "stop.timeout",
        ["AppStopMethodWindow"] = "stop.timeout",
        ["AppStopMethodThreads"] = "stop.timeout",
        ["AppRestartDelay"] = "restart.delays",
        ["AppExit"] = "restart",
        ["AppRotateFiles"] = "output.rotate",
        ["AppRotateBytes"] = "output.rotate.size",
        ["AppRotateSeconds"] = "output.rotate.age",
        ["AppEvents Start/Pre"] = "hooks.preStart",
        ["AppEvents Start/Post"] = "hooks.postStart",
        ["AppEvents Stop/Pre"] = "hooks.preStop",
        ["AppEvents Exit/Post"] = "hooks.postStop",
    };

    /// <param name="text">The export, decoded.</param>
    /// <param name="file">Its name, for problems.</param>
    public static Outcome<ImportedService> Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RegistryText.Read(text, file).Then(keys => Read(keys, file));
    }

    /// <param name="keys">All below the service's key, itself included.</param>
    /// <param name="from">Where they come from, for problems.</param>
    public static Outcome<ImportedService> Read(IReadOnlyList<RegistryKeyValues> keys, string from)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return Read(keys.ToDictionary(key => key.Path, key => new Dictionary<string, RegistryValue>(key.Values, StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase), from);
    }

    private static Outcome<ImportedService> Read(IReadOnlyDictionary<string, Dictionary<string, RegistryValue>> keys, string file)
    {
        var parameters = keys.Keys.Where(path => path.EndsWith(@"\Parameters", StringComparison.OrdinalIgnoreCase) && keys[path].ContainsKey("Application")).ToList();
        if (parameters is not [var found])
        {
            return new Problem(ProblemKind.BadInput, "import.nssm", parameters.Count == 0 ? $"{file} holds no service of NSSM's" : $"{file} holds {parameters.Count} services of NSSM's")
            {
                Mend = "export one service's key as a whole: `reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\NAME file.reg`",
            };
        }

        var service = found[..found.LastIndexOf('\\')];
        var turn = new ImportTurn(file);
        turn.Took("NAME", "name");
        turn.Name("NAME", service[(service.LastIndexOf(Services, StringComparison.OrdinalIgnoreCase) + Services.Length)..]);
        RegistryService.Take(turn, keys.GetValueOrDefault(service) ?? []);
        TakeParameters(turn, keys[found]);
        TakeExits(turn, keys.GetValueOrDefault(found + @"\AppExit") ?? []);
        TakeHooks(turn, found + @"\AppEvents\", keys);
        foreach (var path in keys.Keys.Where(path => path.StartsWith(service + '\\', StringComparison.OrdinalIgnoreCase) && !IsKnown(path[(service.Length + 1)..])))
            turn.Note(path[(service.Length + 1)..], "is not taken over: it is Windows' own, of the service that was");
        return turn.Done();
    }

    private static bool IsKnown(string path) =>
        path.Equals("Parameters", StringComparison.OrdinalIgnoreCase) || path.StartsWith(@"Parameters\AppExit", StringComparison.OrdinalIgnoreCase) || path.StartsWith(@"Parameters\AppEvents", StringComparison.OrdinalIgnoreCase);

    private static void TakeParameters(ImportTurn turn, Dictionary<string, RegistryValue> values)
    {
        turn.Executable("Application", values["Application"].Text ?? "", WindowsCommandLine.Split(Text("AppParameters") ?? ""));
        turn.WorkingFolder = Text("AppDirectory");
        turn.StopWithin("AppStopMethod…", StopTime(values));
        if (Number("AppRestartDelay") is { } delay) turn.Spec = turn.Spec with { Restart = turn.Spec.Restart with { Delays = [TimeSpan.FromMilliseconds(delay)] } };
        TakeRotation(turn, Number("AppRotateFiles") == 1, Number("AppRotateBytes"), Number("AppRotateSeconds"));

        foreach (var (name, value) in values)
        {
            switch (name)
            {
                case "AppEnvironment":
                    turn.Environment(name, value.Texts ?? []);
                    turn.Note(name, "it took the place of the whole environment; here it is added to a small one");
                    break;
                case "AppEnvironmentExtra":
                    turn.Environment(name, value.Texts ?? []);
                    break;
                case "AppPriority":
                    turn.Priority(name, PriorityWord(value.Number));
                    break;
                case "AppAffinity":
                    turn.Affinity(name, value.Text ?? "");
                    break;
                default:
                    if (Words.ContainsKey(name)) break;
                    if ((Otherwise.GetValueOrDefault(name) ?? FileForm(name)) is { } says) turn.Note(name, says);
                    else turn.Unknown(name, value.ToString());
                    break;
            }

            if (Words.TryGetValue(name, out var key)) turn.Took(name, key);
        }

        string? Text(string name) => values.GetValueOrDefault(name)?.Text;

        uint? Number(string name) => values.GetValueOrDefault(name)?.Number;
    }

    /// <summary>How the files were opened that took the output, or gave the input.</summary>
    private static string? FileForm(string name) =>
        FileForms.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)) ? "no file is opened for the service's input or output" : null;

    /// <summary>NSSM waits after each way that it tries; here one signal has all of that time.</summary>
    private static TimeSpan StopTime(Dictionary<string, RegistryValue> values)
    {
        var skip = values.GetValueOrDefault("AppStopMethodSkip")?.Number ?? 0;
        var steps = StopSteps.Where(step => (skip & step.Bit) == 0).Select(step => (long)(values.GetValueOrDefault(step.Name)?.Number ?? StopStepMilliseconds));
        return TimeSpan.FromMilliseconds(steps.Sum());
    }

    private static void TakeRotation(ImportTurn turn, bool rotates, uint? bytes, uint? seconds)
    {
        if (!rotates) return;
        var output = turn.Spec.Output;
        if (bytes >= 1 << 20) output = output with { RotateBytes = bytes.Value };
        if (seconds > 0) output = output with { RotateAge = TimeSpan.FromSeconds(seconds.Value) };
        turn.Spec = turn.Spec with { Output = output };
        turn.Note("AppRotateFiles", "old files were never deleted there; here `output.keep` does");
    }

    /// <summary>By exit code: Restart, Ignore, Exit or Suicide; the default value is for all others.</summary>
    private static void TakeExits(ImportTurn turn, Dictionary<string, RegistryValue> exits)
    {
        if (exits.Count > 0) turn.Took("AppExit", "restart");
        var byDefault = exits.GetValueOrDefault("")?.Text ?? "Restart";
        var restart = turn.Spec.Restart with { Policy = Restarts(byDefault) ? RestartPolicy.Always : RestartPolicy.OnFailure };
        if (!Restarts(byDefault)) restart = restart with { Attempts = 0 };
        var (permanent, retry) = (new List<int>(), new List<int>());
        foreach (var (name, value) in exits.Where(exit => exit.Key.Length > 0))
        {
            if (!int.TryParse(name, out var code)) turn.Note($"AppExit {name}", "is no exit code, and left out");
            else if (code == 0 && !Restarts(value.Text)) restart = restart with { Policy = RestartPolicy.OnFailure };
            else if (!Restarts(value.Text)) permanent.Add(code);
            else if (!Restarts(byDefault)) turn.Note($"AppExit {name}", "restarts for some codes alone are not taken over: give `restart.attempts` and list the others in `restart.exitCodes.permanent`");
        }

        if (exits.Values.Any(value => value.Text == "Ignore"))
            turn.Note("AppExit", "Ignore left the service running without a process; here it stops, and says with which code");
        if (Restarts(byDefault))
            turn.Note("AppExit", "NSSM restarts without end; here `restart` gives up after 3 restarts within 10 minutes, and says so");
        turn.Spec = turn.Spec with { Restart = restart with { PermanentCodes = permanent, RetryCodes = retry } };
    }

    private static bool Restarts(string? action) => action is null or "Restart";

    private static void TakeHooks(ImportTurn turn, string root, IReadOnlyDictionary<string, Dictionary<string, RegistryValue>> keys)
    {
        var hooks = turn.Spec.Hooks;
        foreach (var (path, values) in keys.Where(key => key.Key.StartsWith(root, StringComparison.OrdinalIgnoreCase)))
        {
            foreach (var (when, value) in values)
            {
                var name = $"{path[root.Length..]}/{when}";
                var words = WindowsCommandLine.Split(value.Text ?? "");
                var hook = words.Count == 0 ? null : turn.Hook($"AppEvents {name}", words[0], [.. words.Skip(1)], null);
                if (hook is not null && Words.TryGetValue($"AppEvents {name}", out var key)) turn.Took($"AppEvents {name}", key);
                switch (name)
                {
                    case "Start/Pre": hooks = hooks with { PreStart = hook }; break;
                    case "Start/Post": hooks = hooks with { PostStart = hook }; break;
                    case "Stop/Pre": hooks = hooks with { PreStop = hook }; break;
                    case "Exit/Post": hooks = hooks with { PostStop = hook }; break;
                    default: turn.Note($"AppEvents {name}", "there is no hook for it here, and it is left out"); break;
                }
            }
        }

        turn.Spec = turn.Spec with { Hooks = hooks };
    }

    private static string? PriorityWord(uint? number) => number switch
    {
        0x40 => "idle",
        0x4000 => "belownormal",
        0x20 => "normal",
        0x8000 => "abovenormal",
        0x80 => "high",
        0x100 => "realtime",
        _ => null,
    };
}
