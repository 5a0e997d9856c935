using Holdfast.Core.Leadership;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Services.Rules;

internal static class PlacementChecks
{
    private const string Standby = "placement.standby";
    private const string Promote = "placement.promote";

    private static readonly string[] Ways = ["hook", "signal", "http"];

    /// <summary>Keys that mean nothing in every mode, with those in which they do.</summary>
    private static readonly (string Path, string Only, PlacementMode[] Modes)[] OfMode =
    [
        ("placement.replicas", "replicas", [PlacementMode.Replicas]),
        ("placement.spread", "replicas", [PlacementMode.Replicas]),
        ("placement.moveAfter", "replicas", [PlacementMode.Replicas]),
        ("placement.preferred", "replicas and active-standby", [PlacementMode.Replicas, PlacementMode.ActiveStandby]),
        ("placement.avoid", "replicas and active-standby", [PlacementMode.Replicas, PlacementMode.ActiveStandby]),
        (Standby, "active-standby", [PlacementMode.ActiveStandby]),
        (Promote, "active-standby", [PlacementMode.ActiveStandby]),
        ("placement.onStoreLoss", "active-standby", [PlacementMode.ActiveStandby]),
        ("placement.failover", "active-standby", [PlacementMode.ActiveStandby]),
        ("placement.failback", "active-standby", [PlacementMode.ActiveStandby]),
    ];

    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        CheckMode(spec, reading);
        CheckOwners(spec.Placement, reading);
        CheckOthers(spec, reading);
        CheckStandby(spec, reading);
        if (spec.Placement.Failback is { Mode: FailbackMode.Between, From: { } from, To: { } to } && from == to && reading.Sound("placement.failback"))
            reading.Report("placement.failback.to", new(SpecRules.PlacementFailback, $"is {TimeText.Format(to)} like `from`", SpecRules.PlacementFailback.Reason, "for the whole day write `failback: immediate`"));
    }

    private static void CheckMode(ServiceSpec spec, SpecReading reading)
    {
        if (!reading.Sound("placement.mode"))
            return;
        var mode = spec.Placement.Mode;
        foreach (var (path, only, modes) in OfMode)
        {
            if (reading.Has(path) && !modes.Contains(mode))
                reading.Report(path, new(SpecRules.PlacementMode, $"means nothing with mode {Word(mode)}", $"it is for {only}", "remove it, or change `mode`"));
        }

        if (spec.Restart.OnExit == OnExit.Failover && mode != PlacementMode.ActiveStandby && reading.Sound("restart.onExit"))
            reading.Report("restart.onExit", new(SpecRules.PlacementMode, $"fails over to nobody with placement mode {Word(mode)}", "it is for active-standby", "write `restart`, or change `placement.mode`"));
    }

    private static void CheckOwners(PlacementSpec placement, SpecReading reading)
    {
        CheckOnce("placement.possible", placement.Possible ?? [], SpecRules.PlacementOwners, reading);
        CheckOnce("placement.preferred", placement.Preferred, SpecRules.PlacementOwners, reading);
        if (placement.Possible is not { } possible || !reading.Sound("placement.possible"))
            return;
        for (var i = 0; i < placement.Preferred.Count && reading.Sound("placement.preferred"); i++)
        {
            if (!possible.Contains(placement.Preferred[i]))
                reading.Report(SpecPath.Item("placement.preferred", i), new(SpecRules.PlacementOwners, $"`{placement.Preferred[i]}` is not a possible owner", $"possible: {string.Join(", ", possible)}", "add it to `possible`, or remove it here"));
        }

        if (placement.Mode == PlacementMode.Replicas && placement.Replicas > possible.Count && reading.Sound("placement.replicas", "placement.mode"))
            reading.Report("placement.replicas", new(SpecRules.PlacementReplicas, $"is {placement.Replicas}, and there are {possible.Count} possible owners", SpecRules.PlacementReplicas.Reason, "lower it, or add to `possible`"));
    }

    private static void CheckOthers(ServiceSpec spec, SpecReading reading)
    {
        var placement = spec.Placement;
        foreach (var (path, services) in new[] { ("placement.avoid", placement.Avoid), ("placement.neverWith", placement.NeverWith) })
        {
            CheckOnce(path, services, SpecRules.PlacementTwice, reading);
            for (var i = 0; i < services.Count && reading.Sound(path); i++)
            {
                if (services[i] == spec.Name)
                    reading.Report(SpecPath.Item(path, i), new(SpecRules.PlacementItself, $"`{spec.Name}` is this service", "no two instances of it are on one node anyway", "remove it"));
            }
        }

        if (!reading.Sound("placement.avoid", "placement.neverWith"))
            return;
        for (var i = 0; i < placement.Avoid.Count; i++)
        {
            if (placement.NeverWith.Contains(placement.Avoid[i]))
                reading.Report(SpecPath.Item("placement.avoid", i), new(SpecRules.PlacementTwice, $"`{placement.Avoid[i]}` is also in `neverWith`", SpecRules.PlacementTwice.Reason, "remove it here"));
        }
    }

    private static void CheckStandby(ServiceSpec spec, SpecReading reading)
    {
        ProbeChecks.CheckPort($"{Promote}.http.port", spec.Placement.Promote?.Http?.Port, spec, reading);
        if (!reading.Sound(Standby, "placement.mode"))
            return;
        var promoted = reading.Has(Promote);
        if (spec.Placement.Standby != Leadership.Standby.Hot)
        {
            if (promoted && reading.Sound(Promote))
                reading.Report(Promote, new(SpecRules.PlacementPromote, "promotes nothing", "only what stands by hot runs before it leads", "remove it"));
            return;
        }

        var ways = Ways.Where(way => reading.Has($"{Promote}.{way}")).ToList();
        if (!promoted)
            reading.Report(Standby, new(SpecRules.PlacementPromote, "does not say how it is promoted", SpecRules.PlacementPromote.Reason, "add `promote:` with `hook: …`, `signal: …` or `http: …`"));
        else if (ways.Count > 1)
            reading.Report($"{Promote}.{ways[1]}", new(SpecRules.PlacementPromote, $"is a second way beside {ways[0]}", SpecRules.PlacementPromote.Reason, "remove one of them"));
        else if (ways.Count == 0 && reading.Sound(Promote))
            reading.Report(Promote, new(SpecRules.PlacementPromote, "does not say how", SpecRules.PlacementPromote.Reason, "add `hook: …`, `signal: …` or `http: …`"));
        else if (ways is ["signal"] && spec.Ready != ReadyWhen.Notify && spec.Health is { Startup: null, Readiness: null } && reading.Sound(Promote, "ready", "health"))
            reading.Report($"{Promote}.signal", new(SpecRules.PlacementHeard, "may come before the service can hear it", SpecRules.PlacementHeard.Reason, "write `ready: notify`, or add a startup or readiness probe"));
    }

    private static void CheckOnce(string path, IReadOnlyList<string> names, SpecRule rule, SpecReading reading)
    {
        if (!reading.Sound(path))
            return;
        for (var i = 0; i < names.Count; i++)
        {
            if (names.Take(i).Contains(names[i]))
                reading.Report(SpecPath.Item(path, i), new(rule, $"`{names[i]}` stands there twice", rule.Reason, "remove one of them"));
        }
    }

    private static string Word(PlacementMode mode) => mode switch
    {
        PlacementMode.Everywhere => "everywhere",
        PlacementMode.ActiveStandby => "active-standby",
        _ => "replicas",
    };
}
