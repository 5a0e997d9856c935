namespace Holdfast.Core.Services;

/// <summary>Every command that a spec names. Who judges, packs, admits or expands commands asks here, so that a new one is forgotten by none of them.</summary>
public static class SpecCommands
{
    /// <returns>By the key of what has the command: <c>command</c> itself, <c>hooks.preStart</c>, <c>health.liveness.exec</c>.</returns>
    public static IEnumerable<(string Key, IReadOnlyList<string> Command)> Of(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        yield return ("command", spec.Command);
        foreach (var (key, hook) in Hooks(spec))
        {
            if (hook is not null) yield return (key, hook.Command);
        }

        (string Key, ProbeSpec? Probe)[] probes = [("health.startup", spec.Health.Startup), ("health.liveness", spec.Health.Liveness), ("health.readiness", spec.Health.Readiness)];
        foreach (var (key, probe) in probes)
        {
            if (probe?.Exec is { } exec) yield return ($"{key}.exec", exec.Command);
        }
    }

    private static (string Key, HookSpec? Hook)[] Hooks(ServiceSpec spec) =>
    [
        ("hooks.preStart", spec.Hooks.PreStart), ("hooks.postStart", spec.Hooks.PostStart), ("hooks.preStop", spec.Hooks.PreStop), ("hooks.postStop", spec.Hooks.PostStop),
        ("reload.hook", spec.Reload?.Hook),
        ("windows.pause.hooks.pause", spec.Windows?.Pause?.Hooks?.Pause), ("windows.pause.hooks.continue", spec.Windows?.Pause?.Hooks?.Continue),
        ("placement.promote.hook", spec.Placement.Promote?.Hook),
    ];
}
