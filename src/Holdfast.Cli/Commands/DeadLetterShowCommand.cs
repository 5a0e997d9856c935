using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;
using Holdfast.Rpc;

namespace Holdfast.Cli.Commands;

internal sealed class DeadLetterShowCommand : CliCommand
{
    private readonly Argument<string> sink = new("sink") { Description = "The sink's name" };
    private readonly Argument<long> number = new("number") { Description = "As `dead-letter list` shows it" };
    private readonly Option<string> format = FormatOption.Plain();

    public DeadLetterShowCommand(CliContext cli)
        : base(cli, "show", "Show one of them whole, with its reason")
    {
        Arguments.Add(sink);
        Arguments.Add(number);
        Options.Add(format);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var (named, wanted) = (parse.GetRequiredValue(sink), parse.GetValue(number));
        if (wanted < 1) return Terminal.Fail(NoLetter(named, wanted));
        using var api = ApiSession.Open(Cli);
        using var call = api.Output.DeadLetters(new() { Sink = named, Number = wanted }, new(cancel));
        var shown = parse.Format(format);
        await foreach (var letter in call.ReadAllAsync(cancel))
        {
            // An agent of a version before this one shows all of them.
            if (letter.Sequence != wanted) continue;
            if (shown.IsDocument()) Terminal.Document(LedgerText.Document(letter), shown);
            else Terminal.Out.Write(LedgerText.Text(letter));
            return ExitCode.Ok;
        }

        return Terminal.Fail(NoLetter(named, wanted));
    }

    private static Problem NoLetter(string sink, long number) => new(ProblemKind.NotFound, "dead-letter.unknown", $"There is no dead letter {number} of {sink}.")
    {
        Why = "it was never there, was sent again, or is older than they are kept",
        Mend = $"holdfast dead-letter list {sink}",
    };
}
