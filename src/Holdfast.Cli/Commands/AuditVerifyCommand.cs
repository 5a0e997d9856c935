using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

/// <summary>Verifies the log of a node, or, with nothing but a file and a public key, what was exported from one.</summary>
internal sealed class AuditVerifyCommand : CliCommand
{
    private readonly Argument<string?> file = new("file") { Description = "An export or a proof, to be verified without any node (default: the log of the node)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> key = new("--key") { Description = "With FILE: the log's public key, as `holdfast audit key` printed it", HelpName = "PEM" };
    private readonly Option<long?> from = new("--from") { Description = "With FILE: the first entry that was asked for (default: the first of the log, or that it has kept)", HelpName = "N" };
    private readonly Option<long?> to = new("--to") { Description = "With FILE: the last entry that was asked for (default: the last that the checkpoint signs)", HelpName = "N" };
    private readonly Option<string?> kept = new("--kept") { Description = "With FILE: a checkpoint that was kept from before, with which the log must still begin", HelpName = "CHECKPOINT" };
    private readonly Option<string[]> witness = new("--witness") { Description = "With FILE: the public key of a node that cosigns the log; it must have cosigned the checkpoint. More than once: each of them must", HelpName = "PEM", AllowMultipleArgumentsPerToken = false, DefaultValueFactory = _ => [] };
    private readonly Option<int?> witnesses = new("--witnesses") { Description = "With --witness: so many of them are enough (default: all)", HelpName = "N" };
    private readonly Option<TimeSpan?> tolerance = DurationOption.Create("--tolerance", "With FILE: how far the clock may have gone back (default: 2m)");
    private readonly Option<string> format = FormatOption.Plain();

    public AuditVerifyCommand(CliContext cli)
        : base(cli, "verify", "Check the audit log from its first entry to its last, or a file that was exported from it")
    {
        Arguments.Add(file);
        foreach (var option in new Option[] { key, from, to, kept, witness, witnesses, tolerance, format }) Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetValue(witnesses) is { } needed && (needed < 1 || needed > (result.GetValue(witness) ?? []).Length)) result.AddError("--witnesses N is between 1 and the number of keys that --witness gives");
        });
    }

    protected override bool IsAgentsWork => true;

    protected override bool AsksAgent(ParseResult parse) => parse.GetValue(file) is null;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        if (parse.GetValue(file) is not { } given) return await OfNodeAsync(parse, cancel);
        try
        {
            return OfFile(parse, Cli.PathOf(given), cancel);
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return Terminal.Fail(FileTrouble.From(e, $"read {given}"));
        }
    }

    private async Task<int> OfNodeAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        // A long log takes its time: no deadline but the person's.
        var result = await api.Node.VerifyAuditAsync(new VerifyAuditRequest(), new(cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(Document(result), shown);
        else if (result.Whole) Terminal.Line($"Whole: {result.Entries} {(result.Entries == 1 ? "entry" : "entries")}, head {result.Head}{Signed(result)}");
        if (result.Whole) return ExitCode.Ok;
        var forks = result.Forks.Select(fork => new Problem(ProblemKind.Damaged, "audit.forked", $"{char.ToUpperInvariant(fork[0])}{fork[1..]}.")
        {
            Mend = "keep the audit folders of both nodes as evidence, and find out who set that log back",
        });
        if (result.Findings.Count == 0 && result.Forks.Count > 0) return Terminal.Fail([.. forks]);
        return Terminal.Fail([.. forks, .. (result.Findings.Count > 0 ? result.Findings : ["The audit log is not whole"]).Select(finding =>
            new Problem(ProblemKind.Damaged, "audit.broken", finding) { Mend = "keep the audit folder as evidence; entries before this one still hold" })]);
    }

    private int OfFile(ParseResult parse, string path, CancellationToken cancel)
    {
        if (parse.GetValue(key) is not { } pem) return Terminal.Fail(NoKey);
        var read = NoteKey.FromPem(File.ReadAllText(Cli.PathOf(pem)));
        var others = (parse.GetValue(witness) ?? []).Select(one => NoteKey.FromPem(File.ReadAllText(Cli.PathOf(one)))).ToList();
        Problem[] wrong = [.. read.Problems, .. others.SelectMany(one => one.Problems)];
        if (wrong.Length > 0) return Terminal.Fail(wrong);
        var (published, keys) = (read.Value, others.ConvertAll(one => one.Value));
        if (keys.DistinctBy(one => one.Fingerprint).Count() != keys.Count || keys.Exists(one => one.Fingerprint == published.Fingerprint)) return Terminal.Fail(SameKey);
        return AuditExportVerifier.Is(path, AuditProof.FirstLine) ? OfProof(parse, path, published, keys)
            : AuditExportVerifier.Is(path, AuditExtension.FirstLine) ? OfExtension(parse, path, published, keys)
            : OfExport(parse, path, published, keys, cancel);
    }

    private int OfProof(ParseResult parse, string path, NoteKey published, List<NoteKey> keys)
    {
        var proof = AuditProof.Parse(File.ReadAllBytes(path));
        var why = "it is not written as a proof is";
        if (proof?.Check(published, out why) is not { } proven)
            return Terminal.Fail(ProvesNothing(path, why));
        if (Cosignature.Missing(proof.Note.Span, keys, Needed(parse, keys)) is { } missing) return Terminal.Fail(NotWitnessed(path, missing));
        var (entry, checkpoint) = proven;
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(AuditExportText.Document(entry, checkpoint, published), shown);
        else Terminal.Line($"Proven: entry {entry.Sequence} of {checkpoint.Origin}: {Core.Auditing.AuditLine.Stamp(entry.At)} {entry.Actor} {entry.Action} {entry.Target} {Core.Auditing.AuditOutcomes.Word(entry.Outcome)}");
        return ExitCode.Ok;
    }

    private int OfExtension(ParseResult parse, string path, NoteKey published, List<NoteKey> keys)
    {
        var extension = AuditExtension.Parse(File.ReadAllBytes(path));
        var why = "it is not written as such a proof is";
        if (extension?.Check(published, out why) is not { } proven) return Terminal.Fail(ProvesNothing(path, why));
        if (Cosignature.Missing(extension.Note.Span, keys, Needed(parse, keys)) is { } missing) return Terminal.Fail(NotWitnessed(path, missing));
        var (before, now) = proven;
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(AuditExportText.Document(before, now, published), shown);
        else Terminal.Line($"Proven: {now.Origin} with {now.Size} entries begins with the {before.Size} that were signed before");
        return ExitCode.Ok;
    }

    private int Needed(ParseResult parse, List<NoteKey> keys) => parse.GetValue(witnesses) ?? keys.Count;

    private static Problem NotWitnessed(string path, string why) => new(ProblemKind.Damaged, "audit.broken", $"{path} is not witnessed as it must be: {why}.")
    {
        Mend = "ask the node for another when its witnesses are there: `holdfast audit prove`",
    };

    private static Problem SameKey { get; } = new(ProblemKind.BadInput, "audit.key", "A witness is another node than the log's, and counts once: two of the given keys are the same.");

    private static Problem ProvesNothing(string path, string why) =>
        new(ProblemKind.Damaged, "audit.broken", $"{path} proves nothing: {why}.") { Mend = "ask the node for another: `holdfast audit prove`" };

    private int OfExport(ParseResult parse, string path, NoteKey published, List<NoteKey> keys, CancellationToken cancel)
    {
        Checkpoint? before = null;
        if (parse.GetValue(kept) is { } name)
        {
            before = Checkpoint.Open(File.ReadAllBytes(Cli.PathOf(name)), published, out var why);
            if (before is null) return Terminal.Fail(new Problem(ProblemKind.BadInput, "audit.kept", $"{name} is no checkpoint that this key has signed.") { Why = why });
        }

        var expected = new AuditExportExpectation { From = parse.GetValue(from), To = parse.GetValue(to), Kept = before, Witnesses = keys, WitnessesNeeded = Needed(parse, keys) };
        if (parse.GetValue(tolerance) is { } allowed) expected = expected with { Tolerance = allowed };
        var verified = AuditExportVerifier.Verify(path, published, expected, cancel);
        if (!verified.TryGet(out var verdict)) return Terminal.Fail(verified.Problems);
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(AuditExportText.Document(verdict, published), shown);
        else if (verdict.Whole) Terminal.Line($"Whole: {AuditExportText.Range(verdict)}");
        return verdict.Whole ? ExitCode.Ok : Terminal.Fail(AuditExportText.Problems(verdict.Findings));
    }

    private static string Signed(VerifyAuditResponse result) => result.Origin.Length > 0 ? $"; the checkpoint of {result.Origin} signs {result.CheckpointEntries}{(result.CosignedBy > 0 ? $", and {result.CosignedBy} other {(result.CosignedBy == 1 ? "node has" : "nodes have")} cosigned {result.CosignedEntries}" : "")}" : "";

    private static JsonObject Document(VerifyAuditResponse result) => new JsonObject
    {
        ["whole"] = result.Whole,
        ["entries"] = result.Entries,
        ["head"] = result.Head,
        ["origin"] = result.Origin,
        ["checkpointEntries"] = result.CheckpointEntries,
        ["cosignedEntries"] = result.CosignedEntries,
        ["cosignedBy"] = result.CosignedBy,
        ["findings"] = new JsonArray([.. result.Findings.Select(finding => (JsonNode)finding)]),
        ["forks"] = new JsonArray([.. result.Forks.Select(fork => (JsonNode)fork)]),
    };

    private static Problem NoKey { get; } = new(ProblemKind.BadInput, "audit.key", "A file is verified with the public key of its log.")
    {
        Mend = "name it: --key PEM; `holdfast audit key` prints it on the node, where it is audit/public.pem as well. Keep it where the node cannot reach it",
    };
}
