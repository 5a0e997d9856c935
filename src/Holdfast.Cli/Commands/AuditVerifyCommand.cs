using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Auditing.Tree;
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
    private readonly Option<TimeSpan?> tolerance = DurationOption.Create("--tolerance", "With FILE: how far the clock may have gone back (default: 2m)");
    private readonly Option<string> format = FormatOption.Plain();

    public AuditVerifyCommand(CliContext cli)
        : base(cli, "verify", "Check the audit log from its first entry to its last, or a file that was exported from it")
    {
        Arguments.Add(file);
        foreach (var option in new Option[] { key, from, to, kept, tolerance, format }) Options.Add(option);
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
        return Terminal.Fail([.. (result.Findings.Count > 0 ? result.Findings : ["The audit log is not whole"]).Select(finding =>
            new Problem(ProblemKind.Damaged, "audit.broken", finding) { Mend = "keep the audit folder as evidence; entries before this one still hold" })]);
    }

    private int OfFile(ParseResult parse, string path, CancellationToken cancel)
    {
        if (parse.GetValue(key) is not { } pem) return Terminal.Fail(NoKey);
        var read = NoteKey.FromPem(File.ReadAllText(Cli.PathOf(pem)));
        if (!read.TryGet(out var published)) return Terminal.Fail(read.Problems);
        return AuditExportVerifier.Is(path, AuditProof.FirstLine) ? OfProof(parse, path, published)
            : AuditExportVerifier.Is(path, AuditExtension.FirstLine) ? OfExtension(parse, path, published)
            : OfExport(parse, path, published, cancel);
    }

    private int OfProof(ParseResult parse, string path, NoteKey published)
    {
        var proof = AuditProof.Parse(File.ReadAllBytes(path));
        var why = "it is not written as a proof is";
        if (proof?.Check(published, out why) is not { } proven)
            return Terminal.Fail(ProvesNothing(path, why));
        var (entry, checkpoint) = proven;
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(AuditExportText.Document(entry, checkpoint, published), shown);
        else Terminal.Line($"Proven: entry {entry.Sequence} of {checkpoint.Origin}: {Core.Auditing.AuditLine.Stamp(entry.At)} {entry.Actor} {entry.Action} {entry.Target} {Core.Auditing.AuditOutcomes.Word(entry.Outcome)}");
        return ExitCode.Ok;
    }

    private int OfExtension(ParseResult parse, string path, NoteKey published)
    {
        var extension = AuditExtension.Parse(File.ReadAllBytes(path));
        var why = "it is not written as such a proof is";
        if (extension?.Check(published, out why) is not { } proven) return Terminal.Fail(ProvesNothing(path, why));
        var (before, now) = proven;
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(AuditExportText.Document(before, now, published), shown);
        else Terminal.Line($"Proven: {now.Origin} with {now.Size} entries begins with the {before.Size} that were signed before");
        return ExitCode.Ok;
    }

    private static Problem ProvesNothing(string path, string why) =>
        new(ProblemKind.Damaged, "audit.broken", $"{path} proves nothing: {why}.") { Mend = "ask the node for another: `holdfast audit prove`" };

    private int OfExport(ParseResult parse, string path, NoteKey published, CancellationToken cancel)
    {
        Checkpoint? before = null;
        if (parse.GetValue(kept) is { } name)
        {
            before = Checkpoint.Open(File.ReadAllBytes(Cli.PathOf(name)), published, out var why);
            if (before is null) return Terminal.Fail(new Problem(ProblemKind.BadInput, "audit.kept", $"{name} is no checkpoint that this key has signed.") { Why = why });
        }

        var expected = new AuditExportExpectation { From = parse.GetValue(from), To = parse.GetValue(to), Kept = before };
        if (parse.GetValue(tolerance) is { } allowed) expected = expected with { Tolerance = allowed };
        var verified = AuditExportVerifier.Verify(path, published, expected, cancel);
        if (!verified.TryGet(out var verdict)) return Terminal.Fail(verified.Problems);
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(AuditExportText.Document(verdict, published), shown);
        else if (verdict.Whole) Terminal.Line($"Whole: {AuditExportText.Range(verdict)}");
        return verdict.Whole ? ExitCode.Ok : Terminal.Fail(AuditExportText.Problems(verdict.Findings));
    }

    private static string Signed(VerifyAuditResponse result) => result.Origin.Length > 0 ? $"; the checkpoint of {result.Origin} signs {result.CheckpointEntries}" : "";

    private static JsonObject Document(VerifyAuditResponse result) => new JsonObject
    {
        ["whole"] = result.Whole,
        ["entries"] = result.Entries,
        ["head"] = result.Head,
        ["origin"] = result.Origin,
        ["checkpointEntries"] = result.CheckpointEntries,
        ["findings"] = new JsonArray([.. result.Findings.Select(finding => (JsonNode)finding)]),
    };

    private static Problem NoKey { get; } = new(ProblemKind.BadInput, "audit.key", "A file is verified with the public key of its log.")
    {
        Mend = "name it: --key PEM; `holdfast audit key` prints it on the node, where it is audit/public.pem as well. Keep it where the node cannot reach it",
    };
}
