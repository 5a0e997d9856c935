using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class LedgerCommand : CliCommand
{
    private readonly Option<string?> sink = new("--sink") { Description = "Only this sink", HelpName = "NAME" };
    private readonly Option<string?> service = new("--service") { Description = "Only the streams of this service", HelpName = "NAME" };
    private readonly Option<string> format = FormatOption.Plain();

    public LedgerCommand(CliContext cli)
        : base(cli, "ledger", "Show what became of every line: delivered, queued, dead or lost, per sink and stream")
    {
        foreach (var option in new Option[] { sink, service, format }) Options.Add(option);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var ledger = await api.Output.LedgerAsync(new() { Sink = parse.GetValue(sink) ?? "", Service = parse.GetValue(service) ?? "" }, ApiSession.Short(cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(LedgerText.Document(ledger), shown);
        else Terminal.Out.Write(LedgerText.Text(ledger));
        return ledger.Problems.Count > 0 || ledger.Sinks.Any(one => one.Trouble.Length > 0) ? ExitCode.Failed : ExitCode.Ok;
    }
}
