using System.CommandLine;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary>One command: its options, and what it does. A file per command.</summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(CliContext cli, string name, string description)
        : base(name, description)
    {
        Cli = cli;
        SetAction((parse, cancel) => RunAsync(parse, cancel));
    }

    protected CliContext Cli { get; }

    protected Terminal Terminal => Cli.Terminal;

    /// <summary>Does it, and says how it went as an <see cref="Core.Problems.ExitCode"/>.</summary>
    protected abstract Task<int> RunAsync(ParseResult parse, CancellationToken cancel);
}
