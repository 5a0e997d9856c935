using Holdfast.Core.Health;

namespace Holdfast.Core.Supervision.Handovers;

/// <summary>
/// What runs beside an instance's main process, in one word: part of its container's name and of HOLDFAST_HOOK, and what a supervisor's next
/// image knows it by.
/// </summary>
public static class SideKind
{
    private static readonly (HookKind Hook, string Word)[] Hooks =
    [
        (HookKind.PreStart, "pre-start"),
        (HookKind.PostStart, "post-start"),
        (HookKind.PreStop, "pre-stop"),
        (HookKind.PostStop, "post-stop"),
        (HookKind.Reload, "reload"),
        (HookKind.Pause, "pause"),
        (HookKind.Continue, "continue"),
        (HookKind.Promote, "promote"),
    ];

    private static readonly (ProbeName Probe, string Word)[] Probes =
    [
        (ProbeName.Startup, "probe-startup"),
        (ProbeName.Liveness, "probe-liveness"),
        (ProbeName.Readiness, "probe-readiness"),
    ];

    public static string Of(HookKind hook) => Hooks.First(known => known.Hook == hook).Word;

    public static string Of(ProbeName probe) => Probes.First(known => known.Probe == probe).Word;

    /// <summary>Null: it is not a hook's word.</summary>
    public static HookKind? HookOf(string word)
    {
        foreach (var (hook, known) in Hooks)
        {
            if (known == word) return hook;
        }

        return null;
    }

    /// <summary>Null: it is not a probe's word.</summary>
    public static ProbeName? ProbeOf(string word)
    {
        foreach (var (probe, known) in Probes)
        {
            if (known == word) return probe;
        }

        return null;
    }
}
