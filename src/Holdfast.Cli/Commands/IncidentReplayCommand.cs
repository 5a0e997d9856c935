using System.CommandLine;
using Holdfast.Cli.Documents;
using Holdfast.Core.Incidents;
using Holdfast.Core.Problems;
using Holdfast.Node.Incidents;

namespace Holdfast.Cli.Commands;

/// <summary>Makes the decisions of bundles again, by this version's decision functions and with nothing but the files.</summary>
internal sealed class IncidentReplayCommand : CliCommand
{
    private readonly Argument<string[]> files = new("file") { Description = "Files of `holdfast incident save`; those of several nodes become one course of events", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> node = new("--node") { Description = "Only this node's decisions", HelpName = "NODE" };
    private readonly Option<string?> service = new("--service") { Description = "Only those about this service, and about the nodes' leases", HelpName = "SERVICE" };
    private readonly Option<string> format = FormatOption.Plain();

    public IncidentReplayCommand(CliContext cli)
        : base(cli, "replay", "Show what was decided and why, and whether this version decides the same")
    {
        Arguments.Add(files);
        foreach (var option in new Option[] { node, service, format }) Options.Add(option);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var read = parse.GetRequiredValue(files).Select(file => (File: file, Bundle: BundleFile.Read(Cli.PathOf(file), file))).ToList();
        var problems = read.SelectMany(one => one.Bundle.Problems).ToList();
        if (problems.Count > 0) return Task.FromResult(Terminal.Fail(problems));
        var bundles = read.Select(one => (one.File, Bundle: one.Bundle.Value)).ToList();
        var (onNode, about) = (parse.GetValue(node), parse.GetValue(service));
        // The same decision may be in several files of one node.
        var replayed = bundles.SelectMany(one => one.Bundle.Decisions)
            .Where(decided => (onNode is null || decided.Node == onNode) && (about is null || decided.Service.Length == 0 || decided.Service == about))
            .DistinctBy(decided => (decided.Node, decided.Number, decided.At))
            .OrderBy(decided => decided.At).ThenBy(decided => decided.Node, StringComparer.Ordinal).ThenBy(decided => decided.Number)
            .Select(decided => new ReplayedDecision(decided, Replay.Of(decided))).ToList();
        if (replayed.Count == 0) return Task.FromResult(Terminal.Fail(new Problem(ProblemKind.NotFound, "incident.nothing", "No decision in these files is one that was asked for.") { Mend = "leave --node and --service out to see all" }));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(IncidentText.Document(bundles, replayed), shown);
        else Terminal.Out.Write(IncidentText.Timeline(bundles, replayed));
        return Task.FromResult(replayed.Exists(decision => !decision.IsSame) ? ExitCode.Failed : ExitCode.Ok);
    }
}
