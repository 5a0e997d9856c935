using System.CommandLine;
using Holdfast.Cli.Toolchains;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class ToolchainRemoveCommand : CliCommand
{
    private readonly Argument<string> name = new("toolchain") { Description = "go@1.22.1" };

    public ToolchainRemoveCommand(CliContext cli)
        : base(cli, "remove", "Remove a toolchain; an adopted one stays where it is") => Arguments.Add(name);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var toolchains = new UserToolchains(Cli);
        var read = toolchains.Find(parse.GetValue(name)!).Then(one => toolchains.Store.List().Then(all => toolchains.Store.Default().Then(preferred => Outcome.Of((One: one, IsLast: all.Count(other => other.Record.Version == one.Record.Version) == 1, Preferred: preferred)))));
        if (!read.TryGet(out var found)) return Terminal.Fail(read.Problems);
        var (record, _, root) = found.One;
        if (found.IsLast && record.Version == found.Preferred) return Terminal.Fail(new Problem(ProblemKind.Conflict, "toolchain.is-default", $"Go {record.Version} is the default") { Mend = "make another one the default: holdfast toolchain use go@VERSION" });
        var removed = await toolchains.Store.RemoveAsync(found.One, cancel);
        if (!removed.IsOk) return Terminal.Fail(removed.Problems);
        Terminal.Line(record.IsAdopted ? $"{ToolchainText.Name(found.One)} is known no more; {root} is as it was." : $"{ToolchainText.Name(found.One)} is removed.");
        return ExitCode.Ok;
    }
}
