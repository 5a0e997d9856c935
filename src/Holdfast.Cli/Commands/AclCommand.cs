using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Output;
using Holdfast.Core.Access;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Access;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>A command about the rights on a service's files: its code, its data, its output, and what its supervisor keeps of it.</summary>
internal abstract class AclCommand : CliCommand
{
    private readonly Argument<string> service = new("service") { Description = "The service" };
    private readonly Option<string> format = FormatOption.Plain();

    protected AclCommand(CliContext cli, string name, string description)
        : base(cli, name, description)
    {
        Arguments.Add(service);
        Options.Add(format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var name = parse.GetRequiredValue(service);
        if (!InstanceNames.IsValid(name)) return Terminal.Fail(new Problem(ProblemKind.BadInput, "service.name", $"'{name}' is no name of a service."));
        try
        {
            var found = ServiceAreas.Of(Cli.Home, name);
            return found.TryGet(out var areas) ? await RunAsync(areas, parse.Format(format), cancel) : Terminal.Fail(found.Problems);
        }
        catch (UnauthorizedAccessException failure)
        {
            return Terminal.Fail(new Problem(ProblemKind.Refused, "access.denied", "the rights cannot be looked at from this account") { Why = failure.Message, Mend = "run it as root; on Windows in an elevated console" });
        }
    }

    protected abstract Task<int> RunAsync(ServiceAreas areas, OutputFormat format, CancellationToken cancel);

    protected static List<Difference> Differences(ServiceAreas areas)
    {
        var ids = AccessReader.IdsOf(areas.Account);
        return [.. areas.Areas.SelectMany(area => AccessWalk.Check(area, ids).Select(one => new Difference(area, one.Path, one.Differences)))];
    }

    protected static JsonArray Document(IEnumerable<Difference> differences) =>
        [.. differences.Select(one => new JsonObject { ["area"] = one.Area.Area, ["path"] = one.Path, ["differences"] = new JsonArray([.. one.Sentences.Select(text => JsonValue.Create(text))]) })];

    protected void Say(IReadOnlyList<Difference> differences)
    {
        foreach (var one in differences) Terminal.Line($"{one.Area.Area}  {one.Path}: {string.Join("; ", one.Sentences)}");
    }

    protected sealed record Difference(WantedAccess Area, string Path, IReadOnlyList<string> Sentences);
}

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
        ["areas"] = new JsonArray([.. areas.Areas.Select(area => new JsonObject
        {
            ["area"] = area.Area,
            ["path"] = area.Path,
            ["account"] = AccessJudgement.Words(area.Account, isFolder: true),
            ["others"] = AccessJudgement.Words(area.Others, isFolder: true),
            ["entries"] = new JsonArray([.. (AccessReader.Read(area.Path)?.Entries ?? []).Select(entry => new JsonObject { ["id"] = entry.Id, ["name"] = entry.Name, ["rights"] = AccessJudgement.Words(entry.Rights, isFolder: true) })]),
        })]),
    };

    private void Write(ServiceAreas areas)
    {
        var node = AccessReader.IdsOf(areas.Account).IsNode;
        Terminal.Line($"{areas.Service} runs as {areas.Account.Name}{(node ? ", the node's own account: nothing of the node is kept from it" : "")}");
        var table = new Table("AREA", "PATH", "ACCOUNT IS TO", "OTHERS ARE TO", "NOW");
        foreach (var area in areas.Areas)
        {
            var isFolder = Directory.Exists(area.Path);
            var now = AccessReader.Read(area.Path) is { } seen
                ? string.Join("; ", seen.Entries.Where(entry => entry.Rights != AccessRights.None).Select(entry => $"{entry.Name}: {AccessJudgement.Words(entry.Rights, isFolder)}"))
                : "not there";
            table.Add(area.Area, area.Path, AccessJudgement.Words(area.Account, isFolder), AccessJudgement.Words(area.Others, isFolder), now);
        }

        Terminal.Out.Write(table.ToString());
    }
}

/// <summary>What is otherwise than it is to be, file by file.</summary>
internal sealed class AclCheckCommand(CliContext cli) : AclCommand(cli, "check", "Say what of a service's rights is otherwise than it is to be; exit code 3 where something is")
{
    protected override Task<int> RunAsync(ServiceAreas areas, OutputFormat format, CancellationToken cancel)
    {
        var differences = Differences(areas);
        if (format.IsDocument()) Terminal.Document(Document(differences), format);
        else Say(differences);
        if (differences.Count == 0) Terminal.Say("All rights are as they are to be.");
        else Terminal.Say($"{differences.Count} are otherwise; holdfast acl apply {areas.Service} sets them.");
        return Task.FromResult(differences.Count == 0 ? ExitCode.Ok : ExitCode.Refused);
    }
}

/// <summary>Makes them as they are to be.</summary>
internal sealed class AclApplyCommand : AclCommand
{
    private readonly RecordedAct record;

    public AclApplyCommand(CliContext cli)
        : base(cli, "apply", "Set the rights of a service's files as they are to be; says what was otherwise") => record = new(cli);

    protected override async Task<int> RunAsync(ServiceAreas areas, OutputFormat format, CancellationToken cancel)
    {
        var differences = Differences(areas);
        if (differences.Count == 0)
        {
            if (format.IsDocument()) Terminal.Document(Document(differences), format);
            Terminal.Say("All rights are as they are to be.");
            return ExitCode.Ok;
        }

        var details = new Dictionary<string, string> { ["paths"] = $"{differences.Count}", ["account"] = areas.Account.Name };
        var applied = await record.RunAsync("acl.apply", areas.Service, details, () => Task.FromResult(Apply(areas, differences)), cancel);
        if (!applied.IsOk) return Terminal.Fail(applied.Problems);
        if (format.IsDocument()) Terminal.Document(Document(differences), format);
        else Say(differences);
        var left = Differences(areas);
        if (left.Count > 0)
            return Terminal.Fail([.. left.Select(one => new Problem(ProblemKind.Failed, "access.left", $"{one.Path}: {string.Join("; ", one.Sentences)}") { Mend = OperatingSystem.IsWindows() ? $"takeown /a /f \"{one.Path}\", then again" : "an access list (getfacl) or a folder above it decides: see there" })]);
        Terminal.Say($"{differences.Count} are set.");
        // Rights are a part of what was pinned.
        if (differences.Any(one => one.Area is { Area: "code", IsOfHost: true })) Terminal.Say($"The program's files have other rights than when they were pinned: holdfast service trust {areas.Service}");
        return ExitCode.Ok;
    }

    private static Outcome<Done> Apply(ServiceAreas areas, IEnumerable<Difference> differences) =>
        differences.Aggregate(Outcome.Done, (done, one) => done.Then(_ => AccessWalk.Set(one.Area, one.Path, areas.Account)));
}
