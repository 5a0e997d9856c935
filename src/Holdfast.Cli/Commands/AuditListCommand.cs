using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class AuditListCommand : CliCommand
{
    private readonly Option<int> tail = new("--tail", "-n") { Description = "Only the last N; negative: all (default: 100)", HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<string?> service = new("--service") { Description = "Only what was done to this service" };
    private readonly Option<string> format = FormatOption.Plain();

    public AuditListCommand(CliContext cli)
        : base(cli, "list", "Show who changed what, oldest first")
    {
        foreach (var option in new Option[] { tail, service, format }) Options.Add(option);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        using var call = api.Node.ListAudit(new ListAuditRequest { Tail = parse.GetValue(tail), Service = parse.GetValue(service) ?? "" }, new(cancel));
        var shown = parse.Format(format);
        var documents = shown.IsDocument() ? new DocumentStream(Terminal, shown, endless: false) : null;
        var table = new Table("ENTRY", "AT", "WHO", "ACTION", "TARGET", "OUTCOME", "DETAILS");
        await foreach (var entry in call.ReadAllAsync(cancel))
        {
            if (documents is not null) documents.Add(AuditText.Document(entry));
            else table.Add(AuditText.Cells(entry));
        }

        if (documents is not null) documents.End();
        else Terminal.Out.Write(table.ToString());
        return ExitCode.Ok;
    }
}
