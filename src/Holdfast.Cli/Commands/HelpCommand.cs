using System.CommandLine;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class HelpCommand : CliCommand
{
    private const string ExitCodes = "exit-codes";

    private readonly Argument<string[]> topic = new("topic") { Description = "A command, or exit-codes", Arity = ArgumentArity.ZeroOrMore };

    public HelpCommand(CliContext cli)
        : base(cli, "help", "Explain a command, or list the exit codes") => Arguments.Add(topic);

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var words = parse.GetValue(topic) ?? [];
        if (words is not [ExitCodes]) return CommandLine.RunAsync([.. words, "--help"], Cli, cancel);
        Terminal.Out.Write(ExitCodeText.Table());
        return Task.FromResult(ExitCode.Ok);
    }
}
