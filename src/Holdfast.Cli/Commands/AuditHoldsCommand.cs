using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class AuditHoldsCommand : CliCommand
{
    private readonly Option<string> format = FormatOption.Plain();

    public AuditHoldsCommand(CliContext cli)
        : base(cli, "list", "Show the holds in force") => Options.Add(format);

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var listed = await api.Node.ListAuditHoldsAsync(new ListAuditHoldsRequest(), new(cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument())
        {
            Terminal.Document(new JsonArray([.. listed.Holds.Select(hold => (JsonNode)new JsonObject
            {
                ["name"] = hold.Name,
                ["actor"] = hold.Actor,
                ["at"] = Human.Stamp(hold.At),
                ["reason"] = hold.Reason,
                ["entry"] = hold.Sequence,
            })]), shown);
            return ExitCode.Ok;
        }

        var table = new Table("HOLD", "SET AT", "BY", "ENTRY", "REASON");
        foreach (var hold in listed.Holds) table.Add(hold.Name, Human.Time(hold.At), hold.Actor, $"{hold.Sequence}", hold.Reason);
        Terminal.Out.Write(table.ToString());
        return ExitCode.Ok;
    }
}
