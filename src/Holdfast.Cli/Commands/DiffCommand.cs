using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Reading;

namespace Holdfast.Cli.Commands;

internal sealed class DiffCommand : CliCommand
{
    private readonly Argument<string> before = new("old") { Description = "A package" };
    private readonly Argument<string> after = new("new") { Description = "Another one" };
    private readonly Option<string> format = FormatOption.Plain();

    public DiffCommand(CliContext cli)
        : base(cli, "diff", "Show what differs between two packages")
    {
        Arguments.Add(before);
        Arguments.Add(after);
        Options.Add(format);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var compared = PackageDiff.Compare(Cli.PathOf(parse.GetRequiredValue(before)), Cli.PathOf(parse.GetRequiredValue(after)));
        if (!compared.TryGet(out var difference)) return Task.FromResult(Terminal.Fail(compared.Problems));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(Document(difference), shown);
        else Show(difference);
        return Task.FromResult(ExitCode.Ok);
    }

    private void Show(PackageDifference difference)
    {
        if (difference.IsSame)
        {
            Terminal.Line("They are the same package.");
            return;
        }

        Terminal.Line($"- {difference.Old.Name} {difference.Old.Version}  {difference.Old.Digest}");
        Terminal.Line($"+ {difference.New.Name} {difference.New.Version}  {difference.New.Digest}");
        foreach (var file in difference.Files) Terminal.Line($"{Sign(file.Change)} {file.Path}{Detail(file)}");
        foreach (var line in difference.SpecLines) Terminal.Line(line);
    }

    private static char Sign(FileChange change) => change switch
    {
        FileChange.Added => '+',
        FileChange.Removed => '-',
        _ => '~',
    };

    private static string Detail(FileDifference file) => file.Change switch
    {
        FileChange.Content => $"  {Human.Size(file.Old!.Size)} → {Human.Size(file.New!.Size)}",
        FileChange.Rights => $"  {file.Old!.Mode} → {file.New!.Mode}",
        _ => "",
    };

    private static JsonObject Document(PackageDifference difference) => new JsonObject
    {
        ["same"] = difference.IsSame,
        ["old"] = difference.Old.Digest,
        ["new"] = difference.New.Digest,
        ["files"] = new JsonArray([.. difference.Files.Select(Document)]),
        ["specLines"] = new JsonArray([.. difference.SpecLines.Select(line => (JsonNode)line)]),
    };

    private static JsonNode Document(FileDifference file) => new JsonObject
    {
        ["path"] = file.Path,
        ["change"] = file.Change.ToString().ToLowerInvariant(),
        ["old"] = file.Old is null ? null : PackageText.Document(file.Old),
        ["new"] = file.New is null ? null : PackageText.Document(file.New),
    };
}
