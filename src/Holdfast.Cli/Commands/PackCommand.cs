using System.CommandLine;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Building;

namespace Holdfast.Cli.Commands;

internal sealed class PackCommand : CliCommand
{
    private readonly Argument<string> folder = new("folder") { Description = "The folder with the holdfast.yaml", DefaultValueFactory = _ => "." };
    private readonly Option<string?> output = new("--output", "-o") { Description = "The file to write (default: NAME-VERSION.hfpkg)", HelpName = "FILE" };

    public PackCommand(CliContext cli)
        : base(cli, "pack", "Make a package of a service's files and spec; the same files make the same package")
    {
        Arguments.Add(folder);
        Options.Add(output);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var source = SpecSource.Read(Cli, parse.GetValue(folder)!, null);
        var packed = source.Then(spec =>
            PackageBuilder.Pack(spec.Folder, spec.Bytes, spec.Spec, Cli.PathOf(parse.GetValue(output) ?? PackageBuilder.FileNameFor(spec.Spec))));
        if (!packed.TryGet(out var package)) return Task.FromResult(Terminal.Fail(packed.Problems));
        Terminal.Line($"{Path.GetRelativePath(Cli.Folder, package.Path)}  {package.Digest}");
        Terminal.Say($"{package.Files.Count} {(package.Files.Count == 1 ? "file" : "files")}, {Human.Size(package.PackageBytes)}; not signed yet: `holdfast sign {Path.GetRelativePath(Cli.Folder, package.Path)}`");
        return Task.FromResult(ExitCode.Ok);
    }
}
