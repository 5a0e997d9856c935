using System.CommandLine;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class ValidateCommand : CliCommand
{
    private readonly Argument<string> path = new("path") { Description = "A spec, or a folder with a holdfast.yaml", DefaultValueFactory = _ => "." };
    private readonly Option<string?> values = new("--values") { Description = "A values file to lay over it", HelpName = "FILE" };
    private readonly Option<string> format = FormatOption.Plain();

    public ValidateCommand(CliContext cli)
        : base(cli, "validate", "Check a spec: every error at once, with its place")
    {
        Arguments.Add(path);
        Options.Add(values);
        Options.Add(format);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var source = SpecSource.Read(Cli, parse.GetValue(path)!, parse.GetValue(values));
        var shown = parse.Format(format);
        if (shown.IsDocument())
        {
            Terminal.Document(ProblemDocument.Of(source.Problems), shown);
            return Task.FromResult(source.IsOk ? ExitCode.Ok : ExitCode.For(source.Problems[0].Kind));
        }

        if (!source.IsOk) return Task.FromResult(Terminal.Fail(source.Problems));
        Terminal.Line($"{source.Value.Name}: {source.Value.Spec.Name} {source.Value.Spec.Version} is valid.");
        return Task.FromResult(ExitCode.Ok);
    }
}
