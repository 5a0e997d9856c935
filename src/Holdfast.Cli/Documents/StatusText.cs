using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Core.Supervision;
using Holdfast.Rpc.V1;
using Instance = Holdfast.Rpc.V1.Instance;

namespace Holdfast.Cli.Documents;

/// <summary>All that is known of one service on a page: how it is, what happened to it last, and what it said before it failed.</summary>
/// <param name="Instances">On this node.</param>
/// <param name="Events">The last ones, the oldest first.</param>
/// <param name="Said">By instance: its last lines before its last failure.</param>
internal sealed record StatusText(string Service, IReadOnlyList<Instance> Instances, IReadOnlyList<Event> Events, IReadOnlyDictionary<string, IReadOnlyList<LogLine>> Said)
{
    private const int EventsShown = 8;

    private static readonly string[] failures =
        [EventKind.Exited, EventKind.StartFailed, EventKind.StartRefused, EventKind.Failed, EventKind.HookFailed, EventKind.WatchdogMissed, EventKind.Unhealthy, EventKind.Fenced, EventKind.PromotionFailed, EventKind.PauseFailed];

    /// <summary>Where the last failure of an instance begins; null: none is among its events.</summary>
    public static Event? LastFailure(IReadOnlyList<Event> events, string instance)
    {
        var own = events.Where(what => what.Instance == instance).ToList();
        var last = own.Count - 1;
        while (last >= 0 && !IsFailure(own, last)) last--;
        if (last < 0) return null;
        // What followed from it is told after it: it begins with the exit, or with why nothing began.
        while (last > 0 && IsFailure(own, last - 1)) last--;
        return own[last];
    }

    /// <summary>An exit that was asked for is none.</summary>
    private static bool IsFailure(List<Event> own, int at) =>
        failures.Contains(own[at].Kind) && !(own[at].Kind == EventKind.Exited && at > 0 && own[at - 1].Kind is EventKind.Stopping or EventKind.Killed);

    public JsonNode Document() => new JsonObject
    {
        ["service"] = Service,
        ["instances"] = InstanceDocument.Of(Instances),
        ["failures"] = new JsonArray([.. Instances.Select(instance => (instance, Failure: LastFailure(Events, instance.Instance_))).Where(one => one.Failure is not null).Select(one => (JsonNode)new JsonObject
        {
            ["instance"] = one.instance.Instance_,
            ["event"] = EventText.Document(one.Failure!),
            ["said"] = new JsonArray([.. SaidBy(one.instance).Select(LogText.Document)]),
        })]),
        ["events"] = new JsonArray([.. Events.TakeLast(EventsShown).Select(EventText.Document)]),
    };

    public string Text(DateTimeOffset now)
    {
        var text = new StringBuilder(InstanceTable.Of(Instances, wide: false, nodes: false, now));
        foreach (var instance in Instances) About(text, instance);
        foreach (var instance in Instances) Failure(text, instance, now);
        if (Events.Count > 0) text.Append("\nwhat happened last\n");
        foreach (var what in Events.TakeLast(EventsShown)) text.Append("  ").Append(Printable.Text(EventText.Line(what))).Append('\n');
        return text.ToString();
    }

    private static void About(StringBuilder text, Instance instance)
    {
        text.Append($"\n{instance.Instance_}\n");
        Row("release", $"{instance.Release}, version {instance.Version}, {Human.ShortDigest(instance.PackageDigest)}");
        Row("state", instance.Since is { } since ? $"{instance.State} since {Human.Stamp(since)}{(instance.Reason.Length > 0 ? $": {instance.Reason}" : "")}" : instance.State);
        if (instance.StatusText.Length > 0) Row("says", instance.StatusText);
        if (instance.Epoch > 0) Row("epoch", $"{instance.Epoch}");
        if (instance.Ports.Count > 0) Row("ports", string.Join(", ", instance.Ports.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key} {p.Value}")));
        foreach (var probe in instance.Probes) Row("probe", $"{probe.Name}: {probe.State}{(probe.Message.Length > 0 ? $", {probe.Message}" : "")}");
        foreach (var missing in instance.NotEnforced) Row("not enforced", missing);

        void Row(string name, string value) => text.Append($"  {name,-13}{Printable.Text(value).ReplaceLineEndings(" ")}\n");
    }

    private void Failure(StringBuilder text, Instance instance, DateTimeOffset now)
    {
        if (LastFailure(Events, instance.Instance_) is not { } failure) return;
        text.Append($"\nthe last failure of {instance.Instance_}, {Human.Duration(now - failure.At.ToDateTimeOffset())} ago\n");
        foreach (var what in Events.Where(what => what.Instance == instance.Instance_).SkipWhile(what => what != failure).Take(4)) text.Append($"  {Human.Time(what.At)}  {what.Kind,-17}  {Printable.Text(what.Reason).ReplaceLineEndings(" ")}\n");
        if (SaidBy(instance) is not { Count: > 0 } said) return;
        text.Append("  what it wrote before\n");
        foreach (var line in said) text.Append("    ").Append(Printable.Text(line.Text)).Append('\n');
    }

    private IReadOnlyList<LogLine> SaidBy(Instance instance) => Said.GetValueOrDefault(instance.Instance_) ?? [];
}
