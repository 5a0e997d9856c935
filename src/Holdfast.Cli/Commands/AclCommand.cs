using System.CommandLine;
using System.Text.Json.Nodes;
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
        if (!InstanceNames.IsValid(name)) return Terminal.Fail(BadName(name));
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
