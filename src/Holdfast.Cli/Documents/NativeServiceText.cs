using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Cli.Units;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;
using Holdfast.Node.Pinning;

namespace Holdfast.Cli.Documents;

/// <summary>A service that the service manager has, for machines and people.</summary>
/// <param name="Unit">What it is called there.</param>
/// <param name="Native">How it is by the service manager's word.</param>
/// <param name="Seen">How its instance is by its supervisor's; null: no supervisor answers.</param>
/// <param name="Pinned">Null: it comes from a package.</param>
internal sealed record NativeServiceText(string Name, string Unit, NativeLook Native, InstanceStatus? Seen, PinnedService? Pinned)
{
    /// <summary>What the service manager has otherwise than it was told; null: it was not asked.</summary>
    public IReadOnlyList<ConfigDifference>? Drift { get; init; }

    public static string Table(IEnumerable<NativeServiceText> all)
    {
        var table = new Table("SERVICE", "STATE", "START", "ACCOUNT", "PID", "RESTARTS", "PROGRAM");
        foreach (var one in all)
            table.Add(one.Name, one.State, one.Start, one.Account, one.Seen?.Pid?.ToString(CultureInfo.InvariantCulture) ?? "", one.Seen?.Restarts.ToString(CultureInfo.InvariantCulture) ?? "", one.Program);
        return table.ToString();
    }

    public JsonNode Document() => new JsonObject
    {
        ["service"] = Name,
        ["unit"] = Unit,
        ["state"] = State,
        ["native"] = Native.State,
        ["supervisorPid"] = Native.Pid > 0 ? Native.Pid : null,
        ["pid"] = Seen?.Pid,
        ["restarts"] = Seen?.Restarts,
        ["reason"] = Seen?.Reason,
        ["start"] = Pinned is null ? null : Start,
        ["account"] = Pinned?.Spec.User?.Name,
        ["executable"] = Pinned?.Pin.Executable,
        ["writable"] = Pinned is null ? null : new JsonArray([.. Pinned.Pin.Writable.Select(folder => JsonValue.Create(folder))]),
        ["executableOnly"] = Pinned?.Pin.ExecutableOnly,
        ["pinnedAt"] = Pinned?.Pin.PinnedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["pinnedBy"] = Pinned?.Pin.PinnedBy,
        ["release"] = Pinned?.Pin.Release ?? Seen?.Release,
        ["digest"] = Seen?.PackageDigest,
        ["spec"] = Pinned?.Place.PinnedSpec,
        ["drift"] = Drift is null ? null : new JsonArray([.. Drift.Select(one => new JsonObject
        {
            ["setting"] = NativeSettingWords.Windows(one.Setting),
            ["key"] = NativeSettingWords.Key(one.Setting),
            ["wanted"] = one.Wanted,
            ["found"] = one.Found,
        })]),
    };

    public string Text(DateTimeOffset now) => string.Concat(
        Row("service", Name),
        Row("state", $"{State}{(Seen?.Pid is { } pid ? $", pid {pid}" : "")}{(Seen is { Pid: not null, StartedAt: { } at } ? $", up {Human.Duration(now - at)}" : "")}{(Seen is null ? "" : $"; {Seen.Restarts} restarts")}"),
        Seen is null ? "" : Row("reason", Seen.Reason),
        Row("unit", $"{Unit}: {Native.State}{(Native.Pid > 0 ? $", supervisor pid {Native.Pid}" : "")}"),
        Pinned is null ? Row("program", "from a package; see `holdfast ps`") : PinnedRows(),
        Drift is not { Count: > 0 } ? "" : string.Concat(Drift.Select(one => Row("changed", one.ToString()))) + Row("", $"not by us; to put it back: holdfast service edit {Name} --start {Start}"));

    private string State => Seen is { } seen && Native.State is not ("stopped" or "failed") ? seen.State.Word() : Native.State;

    private string Start => Pinned is null ? "" : Pinned.Pin.Start.ToString().ToLowerInvariant();

    private string Account => Pinned is null ? "" : Pinned.Spec.User?.Name ?? "supervisor's";

    private string Program => Pinned?.Pin.Executable ?? "package";

    private string PinnedRows() => string.Concat(
        Row("program", Program),
        Row("start", Start + (Pinned!.Pin.Dependencies.Count > 0 ? $", after {string.Join(", ", Pinned.Pin.Dependencies)}" : "")),
        Row("account", Account),
        Row("pinned", $"{(Pinned.Pin.ExecutableOnly ? "the executable" : Pinned.Pin.Folder)}, by {Pinned.Pin.PinnedBy} at {Pinned.Pin.PinnedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, release {Pinned.Pin.Release}"),
        Pinned.Pin.Writable.Count == 0 ? "" : Row("writable", string.Join(", ", Pinned.Pin.Writable)),
        Row("spec", Pinned.Place.PinnedSpec));

    private static string Row(string name, string value) => $"{name,-12}{Printable.Text(value)}\n";
}
