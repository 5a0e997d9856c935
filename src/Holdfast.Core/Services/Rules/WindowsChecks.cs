using Holdfast.Core.NativeServices;
using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services.Rules;

internal static class WindowsChecks
{
    private static readonly string[] NativeKeys = ["displayName", "startType", "dependencies", "recovery", "preshutdownTimeout", "serviceSid", "requiredPrivileges", "pause"];

    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        if (spec.Windows is not { } windows)
            return;
        if (!windows.NativeService && reading.Sound("windows.nativeService") && Array.Find(NativeKeys, key => reading.Has($"windows.{key}")) is { } idle)
            reading.Report($"windows.{idle}", new(SpecRules.NativeOnly, "means nothing here", SpecRules.NativeOnly.Reason, "add `nativeService: true` beside it, or remove it"));
        CheckDependencies(spec, windows, reading);
        CheckRecovery(windows.Recovery, reading);
        if (windows.Pause is not null)
            CheckPause(spec, windows.Pause, reading);
    }

    private static void CheckDependencies(ServiceSpec spec, WindowsSpec windows, SpecReading reading)
    {
        for (var i = 0; i < windows.Dependencies.Count; i++)
        {
            if (windows.Dependencies[i].Equals(spec.Name, StringComparison.OrdinalIgnoreCase) && reading.Sound("windows.dependencies"))
                reading.Report(SpecPath.Item("windows.dependencies", i), new(SpecRules.AfterItself, "is the service itself", SpecRules.AfterItself.Reason, "remove it"));
        }
    }

    private static void CheckRecovery(RecoverySettings recovery, SpecReading reading)
    {
        var runs = recovery.Actions.Any(action => action.Kind == RecoveryKind.Run);
        if (runs && recovery.Command is null && reading.Sound("windows.recovery"))
            reading.Report("windows.recovery.actions", new(SpecRules.RecoveryCommand, "runs nothing", SpecRules.RecoveryCommand.Reason, "add `command:` beside it"));
    }

    private static void CheckPause(ServiceSpec spec, PauseSpec pause, SpecReading reading)
    {
        ProbeChecks.CheckPort("windows.pause.http.port", pause.Http?.Port, spec, reading);
        var ways = new List<string>(3);
        if (reading.Has("windows.pause.hooks")) ways.Add("hooks");
        if (reading.Has("windows.pause.http")) ways.Add("http");
        if (pause.Suspend) ways.Add("suspend");
        if (ways.Count > 1)
            reading.Report($"windows.pause.{ways[1]}", new(SpecRules.PauseKind, $"is a second way beside {ways[0]}", SpecRules.PauseKind.Reason, "remove one of them"));
        else if (ways.Count == 0 && reading.Sound("windows.pause"))
            reading.Report("windows.pause", new(SpecRules.PauseKind, "does not say how", SpecRules.PauseKind.Reason, "add `hooks: …`, `http: …` or `suspend: true`, or remove it"));
    }
}
