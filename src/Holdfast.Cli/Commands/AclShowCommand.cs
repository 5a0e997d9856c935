using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Core.Access;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Node.Access;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>Who may do what, and who is to.</summary>
internal sealed class AclShowCommand(CliContext cli) : AclCommand(cli, "show", "Show who may do what with a service's files, and who is to")
{
    protected override Task<int> RunAsync(ServiceAreas areas, OutputFormat format, CancellationToken cancel)
    {
        if (format.IsDocument()) Terminal.Document(Document(areas), format);
        else Write(areas);
        return Task.FromResult(ExitCode.Ok);
    }

    private static JsonObject Document(ServiceAreas areas) => new()
    {
        ["service"] = areas.Service,
        ["account"] = areas.Account.Name,
        ["control"] = new JsonArray([.. Controllers(areas).Select(name => JsonValue.Create(name))]),
        ["areas"] = new JsonArray([.. areas.Areas.Select(area => new JsonObject
        {
            ["area"] = area.Area,
            ["path"] = area.Path,
            ["account"] = AccessJudgement.Words(area.Account, isFolder: true),
            ["groups"] = new JsonArray([.. area.Groups.Select(group => new JsonObject { ["id"] = group.Id, ["name"] = group.Name, ["rights"] = AccessJudgement.Words(group.Of(isFolder: true), isFolder: true) })]),
            ["others"] = AccessJudgement.Words(area.Others, isFolder: true),
            ["entries"] = new JsonArray([.. (AccessReader.Read(area.Path)?.Entries ?? []).Select(entry => new JsonObject { ["id"] = entry.Id, ["name"] = entry.Name, ["rights"] = AccessJudgement.Words(entry.Rights, isFolder: true) })]),
        })]),
    };

    private static IEnumerable<string> Controllers(ServiceAreas areas) => areas.Groups.Where(group => group.Granted.HasFlag(GroupRights.Control)).Select(group => $"the group {group.Name}");

    private static string Groups(WantedAccess area, bool isFolder) =>
        area.Groups.Count == 0 ? "-" : string.Join("; ", area.Groups.Select(group => $"{group.Name}: {AccessJudgement.Words(group.Of(isFolder), isFolder)}"));

    private void Write(ServiceAreas areas)
    {
        var node = AccessReader.IdsOf(areas.Account).IsNode;
        Terminal.Line($"{areas.Service} runs as {areas.Account.Name}{(node ? ", the node's own account: nothing of the node is kept from it" : "")}");
        foreach (var group in Controllers(areas))
            Terminal.Line($"{group} may start and stop it{(OperatingSystem.IsWindows() ? "" : " on Windows; here that is for the group of the API alone")}");
        var table = new Table("AREA", "PATH", "ACCOUNT IS TO", "GROUPS ARE TO", "OTHERS ARE TO", "NOW");
        foreach (var area in areas.Areas)
        {
            var isFolder = Directory.Exists(area.Path);
            var now = AccessReader.Read(area.Path) is { } seen
                ? string.Join("; ", seen.Entries.Where(entry => entry.Rights != AccessRights.None).Select(entry => $"{entry.Name}: {AccessJudgement.Words(entry.Rights, isFolder)}"))
                : "not there";
            table.Add(area.Area, area.Path, AccessJudgement.Words(area.Account, isFolder), Groups(area, isFolder), AccessJudgement.Words(area.Others, isFolder), now);
        }

        Terminal.Out.Write(table.ToString());
    }
}
