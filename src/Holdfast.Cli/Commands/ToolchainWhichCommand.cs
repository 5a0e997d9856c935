using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Toolchains;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class ToolchainWhichCommand : CliCommand
{
    private readonly Argument<string> folder = new("folder") { Description = "The project's folder", DefaultValueFactory = _ => "." };
    private readonly Option<string> format = FormatOption.Plain();

    public ToolchainWhichCommand(CliContext cli)
        : base(cli, "which", "Show which toolchain a project is built with, and which line of which file says so")
    {
        Arguments.Add(folder);
        Options.Add(format);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var choice = new UserToolchains(Cli).Choose(Cli.PathOf(parse.GetValue(folder)!));
        if (!choice.TryGet(out var chosen)) return Task.FromResult(Terminal.Fail(choice.Problems));
        var shown = parse.Format(format);
        if (shown.IsDocument())
        {
            Terminal.Document(ToolchainText.Document(chosen), shown);
            return Task.FromResult(ExitCode.Ok);
        }

        Terminal.Line(chosen.Toolchain.Program);
        Terminal.Say($"{ToolchainText.Name(chosen.Toolchain)}, because:");
        foreach (var reason in chosen.Reasons) Terminal.Say($"  {reason}");
        if (chosen.Sdk is { } sdk) Terminal.Say($"  {sdk.Place.File}:{sdk.Place.Line}: .NET SDK {sdk.Version}, {sdk.RollForward}: the dotnet command follows it by itself");
        return Task.FromResult(ExitCode.Ok);
    }
}
