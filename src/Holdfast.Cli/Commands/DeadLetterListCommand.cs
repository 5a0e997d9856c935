using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Rpc;

namespace Holdfast.Cli.Commands;

internal sealed class DeadLetterListCommand : CliCommand
{
    private readonly Argument<string> sink = new("sink") { Description = "The sink's name" };
    private readonly Option<int> tail = new("--tail", "-n") { Description = "Only the last N; negative: all (default: 100)", HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<string> format = FormatOption.Plain();

    public DeadLetterListCommand(CliContext cli)
        : base(cli, "list", "Show events that a sink's receiver refused for good, with its reason, oldest first")
    {
        Arguments.Add(sink);
        foreach (var option in new Option[] { tail, format }) Options.Add(option);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        using var call = api.Output.DeadLetters(new() { Sink = parse.GetValue(sink)!, Tail = parse.GetValue(tail) }, new(cancel));
        var shown = parse.Format(format);
        var documents = shown.IsDocument() ? new DocumentStream(Terminal, shown, endless: false) : null;
        var table = new Table("NUMBER", "AT", "REASON", "EVENT");
        await foreach (var letter in call.ReadAllAsync(cancel))
        {
            if (documents is not null) documents.Add(LedgerText.Document(letter));
            else table.Add($"{letter.Sequence}", Human.Time(letter.At), letter.Reason, letter.Event);
        }

        if (documents is not null) documents.End();
        else Terminal.Out.Write(table.ToString());
        return ExitCode.Ok;
    }
}
