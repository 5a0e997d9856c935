using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Guide;

namespace Holdfast.Cli.Commands;

internal sealed class ExplainCommand : CliCommand
{
    private readonly Argument<string> path = new("path") { Description = "A key of the spec: service, service.restart, service.restart.attempts; of a definition: install, install.writable", DefaultValueFactory = _ => "service" };

    private readonly Option<string> format = FormatOption.Plain();

    public ExplainCommand(CliContext cli)
        : base(cli, "explain", "Document any key of a spec, or of an installed service's definition")
    {
        Arguments.Add(path);
        Options.Add(format);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var text = SpecGuide.Explain(parse.GetValue(path)!);
        if (!text.IsOk) return Task.FromResult(Terminal.Fail(text.Problems));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(new JsonObject { ["path"] = parse.GetValue(path), ["explanation"] = text.Value }, shown);
        else Terminal.Out.Write(text.Value);
        return Task.FromResult(ExitCode.Ok);
    }
}
