using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Cli.Toolchains;
using Holdfast.Core.Problems;
using Holdfast.Delivery.Toolchains;

namespace Holdfast.Cli.Commands;

internal sealed class ToolchainVerifyCommand : CliCommand
{
    private readonly Argument<string?> name = new("toolchain") { Description = "go@1.22.1 (default: all)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> format = FormatOption.Plain();

    public ToolchainVerifyCommand(CliContext cli)
        : base(cli, "verify", "Read every file again, and say which are not what was recorded; exit code 8 where any is")
    {
        Arguments.Add(name);
        Options.Add(format);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var toolchains = new UserToolchains(Cli);
        var meant = parse.GetValue(name) is { } given ? toolchains.Find(given).Then(one => Outcome.Of<IReadOnlyList<InstalledToolchain>>([one])) : toolchains.Store.List();
        var looked = meant.Then(all => All(all.Select(one => one.Verify(cancel).Then(changes => Outcome.Of((Toolchain: one, Changes: changes))))));
        if (!looked.TryGet(out var seen)) return Task.FromResult(Terminal.Fail(looked.Problems));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(new JsonArray([.. seen.Select(one => Document(one.Toolchain, one.Changes))]), shown);
        else foreach (var (toolchain, changes) in seen) Say(toolchain, changes);
        return Task.FromResult(seen.All(one => one.Changes.Count == 0) ? ExitCode.Ok : ExitCode.Damaged);
    }

    private static Outcome<IReadOnlyList<T>> All<T>(IEnumerable<Outcome<T>> outcomes)
    {
        var all = outcomes.ToList();
        var problems = all.SelectMany(one => one.Problems).ToList();
        return problems.Count > 0 ? problems : all.Select(one => one.Value).ToList();
    }

    private void Say(InstalledToolchain toolchain, IReadOnlyList<string> changes)
    {
        foreach (var change in changes) Terminal.Line($"{ToolchainText.Name(toolchain)}: {change}");
        if (changes.Count == 0) Terminal.Line($"{ToolchainText.Name(toolchain)}: all files of {toolchain.Root} are as they were recorded.");
        else Terminal.Say($"{changes.Count} {(changes.Count == 1 ? "file is" : "files are")} otherwise in {toolchain.Root}; {(toolchain.Record.IsAdopted ? $"if that was meant: holdfast toolchain install go --adopt {toolchain.Root}" : $"holdfast toolchain remove go@{toolchain.Record.Version}, then install it again")}");
    }

    private static JsonObject Document(InstalledToolchain toolchain, IReadOnlyList<string> changes) => new()
    {
        ["language"] = "go",
        ["version"] = toolchain.Record.Version.ToString(),
        ["root"] = toolchain.Root,
        ["tree"] = toolchain.Record.Tree,
        ["changes"] = new JsonArray([.. changes.Select(change => (JsonNode)change)]),
    };
}
