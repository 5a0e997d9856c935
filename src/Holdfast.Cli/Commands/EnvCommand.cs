using System.CommandLine;
using Holdfast.Cli.Toolchains;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class EnvCommand : CliCommand
{
    private readonly Argument<string> folder = new("folder") { Description = "The project's folder", DefaultValueFactory = _ => "." };
    private readonly Option<string> shell = new Option<string>("--shell")
    {
        Description = "Whose language to write: sh, powershell (default: this system's)",
        HelpName = "sh|powershell",
        DefaultValueFactory = _ => OperatingSystem.IsWindows() ? ShellText.PowerShell : ShellText.Sh,
    }.AcceptOnlyFromAmong(ShellText.Sh, ShellText.PowerShell);

    public EnvCommand(CliContext cli)
        : base(cli, "env", "Print what a shell evaluates to build a project with its toolchain")
    {
        Arguments.Add(folder);
        Options.Add(shell);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var choice = new UserToolchains(Cli).Choose(Cli.PathOf(parse.GetValue(folder)!));
        if (!choice.TryGet(out var chosen)) return Task.FromResult(Terminal.Fail(choice.Problems));
        foreach (var line in ShellText.Lines(chosen.Toolchain, parse.GetValue(shell)!)) Terminal.Line(line);
        return Task.FromResult(ExitCode.Ok);
    }
}
