using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class AuditVerifyCommand : CliCommand
{
    private readonly Option<string> format = FormatOption.Plain();

    public AuditVerifyCommand(CliContext cli)
        : base(cli, "verify", "Check the chain of the audit log from its first entry to its last") => Options.Add(format);

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        // A long log takes its time: no deadline but the person's.
        var result = await api.Node.VerifyAuditAsync(new VerifyAuditRequest(), new(cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(Document(result), shown);
        else if (result.Whole) Terminal.Line($"Whole: {result.Entries} {(result.Entries == 1 ? "entry" : "entries")}, head {result.Head}");
        if (result.Whole) return ExitCode.Ok;
        return Terminal.Fail([.. (result.Findings.Count > 0 ? result.Findings : ["The audit log is not whole"]).Select(finding =>
            new Core.Problems.Problem(ProblemKind.Damaged, "audit.broken", finding) { Mend = "keep the audit folder as evidence; entries before this one still hold" })]);
    }

    private static JsonObject Document(VerifyAuditResponse result) => new JsonObject
    {
        ["whole"] = result.Whole,
        ["entries"] = result.Entries,
        ["head"] = result.Head,
        ["findings"] = new JsonArray([.. result.Findings.Select(finding => (JsonNode)finding)]),
    };
}
