using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Guide;

namespace Holdfast.Cli.Commands;

internal sealed class ExplainCommand : CliCommand
{
    private readonly Argument<string> path = new("path") { Description = "A key of the spec: service, service.restart, service.restart.attempts", DefaultValueFactory = _ => "service" };

    public ExplainCommand(CliContext cli)
        : base(cli, "explain", "Document any key of a spec") => Arguments.Add(path);

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var text = SpecGuide.Explain(parse.GetValue(path)!);
        if (!text.IsOk) return Task.FromResult(Terminal.Fail(text.Problems));
        Terminal.Out.Write(text.Value);
        return Task.FromResult(ExitCode.Ok);
    }
}
