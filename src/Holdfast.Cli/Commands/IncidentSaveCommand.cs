using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Incidents;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.Incidents;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

/// <summary>Fetches the decisions that one node kept, into a file that is replayed anywhere.</summary>
internal sealed class IncidentSaveCommand : CliCommand
{
    private readonly Argument<string?> service = new("service") { Description = "Only what was decided about it, and about the node's lease (default: everything)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<DateTimeOffset?> since;
    private readonly Option<string> file = new("--out") { Description = "The bundle's file; it must not be there yet", HelpName = "FILE", Required = true };

    public IncidentSaveCommand(CliContext cli)
        : base(cli, "save", "Write what a node decided about leadership into a file, with all that it decided from")
    {
        since = SinceOption.Create("--since", "Only from then on: 10m, 2h, 02:00, or a date and time, as 2026-12-01T02:00+01:00 (default: all that is kept)", cli.Time);
        Arguments.Add(service);
        Options.Add(since);
        Options.Add(file);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        NewFiles.CloseToOthers();
        var name = parse.GetRequiredValue(file);
        var path = Cli.PathOf(name);
        if (Path.Exists(path)) return Terminal.Fail(new Problem(ProblemKind.Conflict, "incident.exists", $"{path} exists already.") { Mend = "choose another name; nothing was changed" });
        var request = new GetIncidentRequest { Service = parse.GetValue(service) ?? "" };
        if (parse.GetValue(since) is { } from) request.Since = Timestamp.FromDateTimeOffset(from);
        var created = UnfinishedFile.Create(path);
        if (!created.TryGet(out var writing)) return Terminal.Fail(created.Problems);
        using (writing)
        {
            var fetched = await FetchAsync(request, writing, cancel);
            if (!fetched.IsOk) return Terminal.Fail(fetched.Problems);
            var read = BundleFile.Read(writing.File.Name, name);
            // A node may be newer than we are: what it said is whole all the same, and another version replays it.
            var isWhole = read.Problems.All(problem => problem.Rule is BundleReader.Unknown or BundleReader.Version);
            if (!isWhole) return Terminal.Fail(read.Problems);
            var published = writing.Publish();
            if (!published.IsOk) return Terminal.Fail(published.Problems);
            if (read.TryGet(out var bundle)) Terminal.Out.Write(IncidentText.Summary(path, bundle));
            else foreach (var problem in read.Problems) Terminal.Say($"{path} is saved, and this version cannot replay it: {problem}");
            return ExitCode.Ok;
        }
    }

    private async Task<Outcome<Done>> FetchAsync(GetIncidentRequest request, UnfinishedFile writing, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        using var call = api.Nodes.GetIncident(request, new CallOptions(cancel));
        try
        {
            await foreach (var part in call.ReadAllAsync(cancel)) await writing.File.WriteAsync(part.Lines.Memory, cancel);
            await writing.File.FlushAsync(cancel);
            return Outcome.Done;
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"write {writing.File.Name}");
        }
    }
}
