using System.CommandLine;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Node.Relaying;
using Holdfast.Platform;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

/// <summary>Relays in the foreground: what a service's spec runs.</summary>
internal sealed class RelayCommand : CliCommand
{
    private readonly Option<string> config = new("--config") { Description = "What it relays: a document of kind Relay", HelpName = "FILE", Required = true };
    private readonly Option<string?> state = new("--state") { Description = "Where it keeps cursors and dead letters (default: relays in the node's folder)", HelpName = "FOLDER" };
    private readonly Option<bool> once = new("--once") { Description = "End when all that there is is delivered, or put aside" };
    private readonly Option<bool> check = new("--check") { Description = "Only say whether the document is right" };
    private readonly Option<string> format = FormatOption.Plain();

    public RelayCommand(CliContext cli)
        : base(cli, "relay", "Bring events from Kafka, a pipe or a stream's segments to a sink, in the foreground; shows the ledger when it ends")
    {
        foreach (var option in new Option[] { config, state, once, check, format }) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var read = RelayFile.Read(Cli.PathOf(parse.GetRequiredValue(config)), Cli.Time);
        if (!read.TryGet(out var definition)) return Terminal.Fail(read.Problems);
        if (parse.GetValue(check))
        {
            Terminal.Line($"{definition.Name}: from {definition.From} to {definition.To}");
            return ExitCode.Ok;
        }

        NewFiles.CloseToOthers();
        var folder = parse.GetValue(state) is { } given ? Cli.PathOf(given) : Cli.Home.Relays;
        var begun = RelayRun.Begin(definition, folder, Tell, Cli.Time);
        if (!begun.TryGet(out var run)) return Terminal.Fail(begun.Problems);
        await using (run)
        {
            ServiceManager.Ready();
            await run.RunAsync(parse.GetValue(once), cancel);
            ServiceManager.Stopping();
        }

        var ledger = run.Ledger();
        Show(ledger, parse.Format(format), definition.WritesToStandardOutput ? Terminal.Error : Terminal.Out);
        return parse.GetValue(once) && ledger.Sinks[0].Streams.Any(one => one.Dead + one.Lost + one.Queued > 0) ? ExitCode.Failed : ExitCode.Ok;
    }

    private void Tell(string? why) => Terminal.Say(why is null ? "all is delivered again" : $"nothing, or not all, is delivered: {why}");

    private static void Show(LedgerResponse ledger, OutputFormat shown, TextWriter to) =>
        to.Write(shown.IsDocument() ? DocumentText.Of(LedgerText.Document(ledger), shown) : LedgerText.Text(ledger));
}
