using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Cli.Toolchains;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class ToolchainListCommand : CliCommand
{
    private readonly Option<string> format = FormatOption.Plain();

    public ToolchainListCommand(CliContext cli)
        : base(cli, "list", "Show the toolchains that are installed or adopted") => Options.Add(format);

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var store = new UserToolchains(Cli).Store;
        var read = store.List().Then(all => store.Default().Then(preferred => Outcome.Of((All: all, Preferred: preferred))));
        if (!read.TryGet(out var found)) return Task.FromResult(Terminal.Fail(read.Problems));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(new JsonArray([.. found.All.Select(one => ToolchainText.Document(one, found.Preferred))]), shown);
        else Terminal.Out.Write(ToolchainText.Table(found.All, found.Preferred));
        return Task.FromResult(ExitCode.Ok);
    }
}
