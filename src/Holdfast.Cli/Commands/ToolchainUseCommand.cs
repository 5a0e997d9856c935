using System.CommandLine;
using Holdfast.Cli.Toolchains;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class ToolchainUseCommand : CliCommand
{
    private readonly Argument<string> name = new("toolchain") { Description = "go@1.22.1" };

    public ToolchainUseCommand(CliContext cli)
        : base(cli, "use", "Take this toolchain where a project says nothing") => Arguments.Add(name);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var toolchains = new UserToolchains(Cli);
        var found = toolchains.Find(parse.GetValue(name)!).Then(one => one.Look());
        if (!found.TryGet(out var toolchain)) return Terminal.Fail(found.Problems);
        var used = await toolchains.Store.UseAsync(toolchain.Record.Version, cancel);
        if (!used.IsOk) return Terminal.Fail(used.Problems);
        Terminal.Line($"{ToolchainText.Name(toolchain)} is the default.");
        return ExitCode.Ok;
    }
}
