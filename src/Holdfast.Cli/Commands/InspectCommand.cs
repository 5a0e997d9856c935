using System.CommandLine;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Reading;

namespace Holdfast.Cli.Commands;

internal sealed class InspectCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "The package (.hfpkg)" };
    private readonly Option<string> format = FormatOption.Plain();

    public InspectCommand(CliContext cli)
        : base(cli, "inspect", "Show what a package says of itself, without trusting it")
    {
        Arguments.Add(file);
        Options.Add(format);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var inspected = PackageReader.Inspect(Cli.PathOf(parse.GetRequiredValue(file)));
        if (!inspected.TryGet(out var package)) return Task.FromResult(Terminal.Fail(inspected.Problems));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(PackageText.Document(package), shown);
        else Terminal.Out.Write(PackageText.Text(package));
        return Task.FromResult(ExitCode.Ok);
    }
}
