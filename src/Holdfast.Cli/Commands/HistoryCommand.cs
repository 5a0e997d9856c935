using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class HistoryCommand : CliCommand
{
    private readonly Argument<string> service = new("service") { Description = "Whose releases" };
    private readonly Option<string> format = FormatOption.Plain();

    public HistoryCommand(CliContext cli)
        : base(cli, "history", "List the releases of a service, newest first")
    {
        Arguments.Add(service);
        Options.Add(format);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var response = await api.Services.GetHistoryAsync(new GetHistoryRequest { Service = parse.GetRequiredValue(service) }, ApiSession.Short(cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(new JsonArray([.. response.Releases.Select(ReleaseText.Document)]), shown);
        else Terminal.Out.Write(ReleaseText.Table(response.Releases));
        return ExitCode.Ok;
    }
}
