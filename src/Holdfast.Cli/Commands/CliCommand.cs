using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;

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

    protected static Problem BadName(string service) => new(ProblemKind.BadInput, "service.name", $"'{service}' is no name of a service.");

    /// <summary>Does it, and says how it went as an <see cref="ExitCode"/>.</summary>
    protected abstract Task<int> RunAsync(ParseResult parse, CancellationToken cancel);
}
