using System.CommandLine;
using Holdfast.Cli.Api;
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
        SetAction(StartAsync);
    }

    /// <summary>Whether all it does is done by an agent, which may be another machine's then.</summary>
    protected virtual bool IsAgentsWork => false;

    /// <summary>The same, where it depends on what is asked for.</summary>
    protected virtual bool AsksAgent(ParseResult parse) => IsAgentsWork;

    protected CliContext Cli { get; }

    protected Terminal Terminal => Cli.Terminal;

    protected static Problem BadName(string service) => new(ProblemKind.BadInput, "service.name", $"'{service}' is no name of a service.");

    /// <summary>Does it, and says how it went as an <see cref="ExitCode"/>.</summary>
    protected abstract Task<int> RunAsync(ParseResult parse, CancellationToken cancel);

    private Task<int> StartAsync(ParseResult parse, CancellationToken cancel)
    {
        var (server, identity) = (parse.GetValue(Root.ServerOption), parse.GetValue(Root.IdentityOption));
        if (Options.OfType<WhyOption>().FirstOrDefault() is { } why) Cli.Why = parse.GetValue(why) ?? "";
        if (!AsksAgent(parse)) return server is null && identity is null ? RunAsync(parse, cancel) : Task.FromResult(Terminal.Fail(RemoteNode.NotHere(FullName(parse))));
        var chosen = RemoteNode.Choose(Cli, server, identity);
        return chosen.IsOk ? RunAsync(parse, cancel) : Task.FromResult(Terminal.Fail(chosen.Problems));
    }

    private static string FullName(ParseResult parse)
    {
        var names = new Stack<string>();
        for (var result = parse.CommandResult; result.Parent is System.CommandLine.Parsing.CommandResult parent; result = parent) names.Push(result.Command.Name);
        return string.Join(' ', names);
    }
}
