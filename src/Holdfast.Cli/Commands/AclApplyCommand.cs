using Holdfast.Cli.Api;
using Holdfast.Cli.Output;
using Holdfast.Core.Access;
using Holdfast.Core.Problems;
using Holdfast.Node.Access;

namespace Holdfast.Cli.Commands;

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
        if (differences.Any(one => one.Area is { Area: Areas.Code, IsOfHost: true })) Terminal.Say($"The program's files have other rights than when they were pinned: holdfast service trust {areas.Service}");
        return ExitCode.Ok;
    }

    private static Outcome<Done> Apply(ServiceAreas areas, IEnumerable<Difference> differences) =>
        differences.Aggregate(Outcome.Done, (done, one) => done.Then(_ => AccessWalk.Set(one.Area, one.Path, areas.Account)));
}
