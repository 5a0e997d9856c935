using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>A service that Servy keeps, from its export as JSON or XML: both are the same names with their values.</summary>
public static class ServyImport
{
    private static readonly TimeSpan DefaultStop = TimeSpan.FromSeconds(5);
    private static readonly string[] Priorities = ["idle", "belownormal", "normal", "abovenormal", "high", "realtime"];

    private static readonly Dictionary<string, string> Otherwise = new(StringComparer.Ordinal)
    {
        ["StdoutPath"] = "output is captured in segments (`holdfast logs`), and no file is written",
        ["StderrPath"] = "output is captured in segments (`holdfast logs`), and no file is written",
        ["MaxRotations"] = "segments are kept by size and age: `output.keep`",
        ["FailureProgramPath"] = "there is no such hook here; alerts tell of a service that has failed",
        ["HeartbeatUrl"] = "nothing is called from here; metrics and alerts tell that a service is down",
        ["HeartbeatInterval"] = "an end is noticed at once; for a program that hangs there is `health.liveness`",
        ["MaxFailedChecks"] = "an end is noticed at once; for a program that hangs there is `health.liveness`",
        ["PreLaunchRetryAttempts"] = "a start that fails is restarted as a whole, by `restart`",
        ["PreLaunchIgnoreFailure"] = "a preStart hook that fails is a failed start",
        ["EnableDateRotation"] = "a segment ends after a day: `output.rotate.age`",
        ["DateRotationType"] = "a segment ends after a day: `output.rotate.age`",
        ["UseLocalTimeForRotation"] = "a segment's age is counted from its begin",
        ["EnableConsoleUI"] = "a service has no window here",
        ["EnableDebugLogs"] = "the supervisor's log needs no switch",
        ["HeartbeatUrlTimeoutSeconds"] = "nothing is called from here; metrics and alerts tell that a service is down",
        ["EnableHeartbeatUrlFlags"] = "nothing is called from here; metrics and alerts tell that a service is down",
        ["PreStopLogAsError"] = "a preStop hook that fails is an event",
        ["FailureProgramParameters"] = "there is no such hook here; alerts tell of a service that has failed",
        ["FailureProgramStartupDirectory"] = "there is no such hook here; alerts tell of a service that has failed",
        ["UserAccount"] = "give the account with `--user`",
        ["Password"] = "passwords are not taken over",
    };

    /// <summary>What has its counterpart, and under which key.</summary>
    public static IReadOnlyDictionary<string, string> Words { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Name"] = "name",
        ["DisplayName"] = "windows.displayName",
        ["Description"] = "description",
        ["ExecutablePath"] = "command",
        ["Parameters"] = "command",
        ["StartupDirectory"] = "workingFolder",
        ["EnvironmentVariables"] = "environment",
        ["StartupType"] = "install.start",
        ["ServiceDependencies"] = "install.depends",
        ["Priority"] = "priority",
        ["CpuAffinity"] = "limits.affinity",
        ["StartTimeout"] = "readyDeadline",
        ["StopTimeout"] = "stop.timeout",
        ["EnableHealthMonitoring"] = "restart.attempts",
        ["RecoveryAction"] = "restart.attempts",
        ["MaxRestartAttempts"] = "restart.attempts",
        ["RecoveryOnCleanExit"] = "restart.policy",
        ["EnableSizeRotation"] = "output.rotate.size",
        ["RotationSize"] = "output.rotate.size",
        ["PreLaunchExecutablePath"] = "hooks.preStart",
        ["PreLaunchParameters"] = "hooks.preStart",
        ["PreLaunchTimeoutSeconds"] = "hooks.preStart.timeout",
        ["PostLaunchExecutablePath"] = "hooks.postStart",
        ["PostLaunchParameters"] = "hooks.postStart",
        ["PreStopExecutablePath"] = "hooks.preStop",
        ["PreStopParameters"] = "hooks.preStop",
        ["PreStopTimeoutSeconds"] = "hooks.preStop.timeout",
        ["PostStopExecutablePath"] = "hooks.postStop",
        ["PostStopParameters"] = "hooks.postStop",
    };

    /// <param name="text">The export, decoded.</param>
    /// <param name="file">Its name, for problems.</param>
    public static Outcome<ImportedService> Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        var read = Values(text.TrimStart('\uFEFF'), file);
        if (!read.TryGet(out var found)) return Outcome.Failed<ImportedService>(read.Problems);
        var (values, places) = found;
        var turn = new ImportTurn(file, places);
        TakeScm(turn, values);
        TakeProcess(turn, values);
        TakeRestarts(turn, values);
        TakeHooks(turn, values);
        foreach (var (name, value) in values.Where(one => one.Value.Trim() is not ("" or "false")))
        {
            if (Words.TryGetValue(name, out var key)) turn.Took(name, key);
            else if (Otherwise.TryGetValue(name, out var says)) turn.Note(name, says);
            else turn.Unknown(name, value);
        }

        return turn.Done();
    }

    private static Outcome<(Dictionary<string, string> Values, ImportPlaces Places)> Values(string text, string file)
    {
        try
        {
            if (!text.TrimStart().StartsWith('<'))
            {
                using var document = JsonDocument.Parse(text);
                var root = document.RootElement;
                if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 1) return Several(file, root.GetArrayLength());
                if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() == 1) root = root[0];
                return root.ValueKind == JsonValueKind.Object
                    ? (root.EnumerateObject().GroupBy(one => one.Name).ToDictionary(one => one.Key, one => Word(one.Last().Value), StringComparer.Ordinal), ImportPlaces.Of(text, file))
                    : new Problem(ProblemKind.BadInput, "import.servy", $"{file} is no export of Servy's");
            }

            if (text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
                return new Problem(ProblemKind.BadInput, "import.xml", "has a document type, which is not read") { Where = new Place(file, 1, 1) };
            var element = XDocument.Parse(text, LoadOptions.SetLineInfo).Root!;
            var services = element.Elements().Where(one => one.Element("ExecutablePath") is not null).ToList();
            if (services.Count > 1) return Several(file, services.Count);
            var service = services.Count == 1 ? services[0] : element;
            return (service.Elements().GroupBy(one => one.Name.LocalName).ToDictionary(one => one.Key, one => one.Last().Value, StringComparer.Ordinal), ImportPlaces.Of(service, file, lastCounts: true));
        }
        catch (JsonException broken)
        {
            return new Problem(ProblemKind.BadInput, "import.json", broken.Message) { Where = new Place(file, (int)(broken.LineNumber ?? 0) + 1, (int)(broken.BytePositionInLine ?? 0) + 1) };
        }
        catch (XmlException broken)
        {
            return new Problem(ProblemKind.BadInput, "import.xml", broken.Message) { Where = new Place(file, broken.LineNumber, broken.LinePosition) };
        }
    }

    private static Problem Several(string file, int count) => new(ProblemKind.BadInput, "import.servy", $"{file} holds {count} services of Servy's") { Mend = "export one service at a time" };

    private static string Word(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToString(),
    };

    private static void TakeScm(ImportTurn turn, Dictionary<string, string> values)
    {
        turn.Windows = turn.Windows with
        {
            DisplayName = Text(values, "DisplayName"),
            StartType = Number(values, "StartupType") switch
            {
                3 => NativeStartType.Manual,
                4 => NativeStartType.Disabled,
                5 => NativeStartType.Delayed,
                _ => NativeStartType.Automatic,
            },
            Dependencies = (Text(values, "ServiceDependencies") ?? "").Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        };
        turn.Name("Name", Text(values, "Name") ?? "");
        turn.Spec = turn.Spec with { Description = Text(values, "Description") };
        turn.Note("UserAccount", "an export of Servy's does not say under which account it runs: give it with `--user`");
    }

    private static void TakeProcess(ImportTurn turn, Dictionary<string, string> values)
    {
        if (Text(values, "ExecutablePath") is { } executable) turn.Executable("ExecutablePath", executable, Line(values, "Parameters"));
        turn.WorkingFolder = Text(values, "StartupDirectory");
        turn.Environment("EnvironmentVariables", (Text(values, "EnvironmentVariables") ?? "").Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        turn.StopWithin("StopTimeout", Number(values, "StopTimeout") is { } stop ? TimeSpan.FromSeconds(stop) : DefaultStop);
        if (Number(values, "StartTimeout") is { } start and > 0) turn.Spec = turn.Spec with { ReadyDeadline = TimeSpan.FromSeconds(start) };
        if (Number(values, "Priority") is { } priority) turn.Priority("Priority", Priorities.ElementAtOrDefault(priority));
        if (Text(values, "CpuAffinity") is { } cpus) turn.Affinity("CpuAffinity", cpus);
        if (Flag(values, "EnableSizeRotation") && Number(values, "RotationSize") is { } megabytes and > 0)
            turn.Spec = turn.Spec with { Output = turn.Spec.Output with { RotateBytes = (long)megabytes << 20 } };
    }

    private static void TakeRestarts(ImportTurn turn, Dictionary<string, string> values)
    {
        var action = Flag(values, "EnableHealthMonitoring") ? Number(values, "RecoveryAction") ?? 0 : 0;
        var restart = turn.Spec.Restart with { Policy = Flag(values, "RecoveryOnCleanExit") ? RestartPolicy.Always : RestartPolicy.OnFailure };
        restart = action is 1 or 2 ? restart with { Attempts = Math.Clamp(Number(values, "MaxRestartAttempts") ?? restart.Attempts, 0, 1000) } : restart with { Attempts = 0 };
        if (action == 3) turn.Note("RecoveryAction", "RestartComputer is left out: a service that fails does not take the machine with it (`windows.recovery` can)");
        if (action == 0) turn.Note("RecoveryAction", "it was never restarted by itself, and is not; `restart.attempts` says how often it may be");
        turn.Spec = turn.Spec with { Restart = restart };
    }

    private static void TakeHooks(ImportTurn turn, Dictionary<string, string> values) => turn.Spec = turn.Spec with
    {
        Hooks = new HooksSpec
        {
            PreStart = Hook(turn, values, "PreLaunch"),
            PostStart = Hook(turn, values, "PostLaunch"),
            PreStop = Hook(turn, values, "PreStop"),
            PostStop = Hook(turn, values, "PostStop"),
        },
    };

    private static HookSpec? Hook(ImportTurn turn, Dictionary<string, string> values, string when) => turn.Hook(
        when, Text(values, $"{when}ExecutablePath"), Line(values, $"{when}Parameters"),
        Number(values, $"{when}TimeoutSeconds") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null);

    private static string? Text(Dictionary<string, string> values, string name) => values.GetValueOrDefault(name)?.Trim() is { Length: > 0 } text ? text : null;

    private static IReadOnlyList<string> Line(Dictionary<string, string> values, string name) => WindowsCommandLine.Split(Text(values, name) ?? "");

    private static int? Number(Dictionary<string, string> values, string name) => int.TryParse(Text(values, name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool Flag(Dictionary<string, string> values, string name) => Text(values, name) is "true";
}
