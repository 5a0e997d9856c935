using System.Text.Json;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>Commands that need no agent.</summary>
public sealed class LocalTests
{
    [Fact]
    public async Task A_new_service_is_valid_as_it_is_and_is_never_overwritten()
    {
        using var folder = new TempFolder();

        Assert.Equal(ExitCode.Ok, (await Run.In(folder.Path, "init", "orders")).Code);
        Assert.Equal(new Run(ExitCode.Ok, "orders/holdfast.yaml: orders 1.0.0 is valid.\n", ""), await Run.In(folder.Path, "validate", "orders"));
        var spec = Path.Combine(folder.Path, "orders", "holdfast.yaml");
        await File.AppendAllTextAsync(spec, "# mine\n");
        Assert.Equal(ExitCode.Conflict, (await Run.In(folder.Path, "init", "orders")).Code);
        Assert.EndsWith("# mine\n", await File.ReadAllTextAsync(spec), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_no_service_can_have_makes_nothing()
    {
        using var folder = new TempFolder();

        Assert.Equal(ExitCode.BadInput, (await Run.In(folder.Path, "init", "../Orders")).Code);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Law08_validate_shows_every_error_with_its_place_and_ends_with_2()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "holdfast.yaml"), "apiVersion: holdfast/v1\nkind: Service\nname: Orders\ncomand: [bin/x]\n");

        var run = await Run.In(folder.Path, "validate");
        var json = await Run.In(folder.Path, "validate", "-o", "json");

        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Out));
        var lines = run.Error.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^holdfast\.yaml:[0-9]+:[0-9]+: .* \[[a-z-]+\.[a-z-]+\]$", line));
        using var document = JsonDocument.Parse(json.Out);
        Assert.Equal((ExitCode.BadInput, "", 3), (json.Code, json.Error, document.RootElement.GetArrayLength()));
    }

    [Fact]
    public async Task Explain_documents_a_key_and_suggests_one()
    {
        using var folder = new TempFolder();

        Assert.Contains("default  3", (await Run.In(folder.Path, "explain", "service.restart.attempts")).Out, StringComparison.Ordinal);
        var wrong = await Run.In(folder.Path, "explain", "service.restrat");
        Assert.Equal(ExitCode.NotFound, wrong.Code);
        Assert.Contains("service.restart", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_without_any_key_says_how_to_get_one()
    {
        using var folder = new TempFolder();

        var run = await Run.In(folder.Path, "sign", "x.hfpkg", "--home", folder.Path);

        Assert.Equal(ExitCode.NotFound, run.Code);
        Assert.Contains("holdfast keys init", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exit_codes_are_listed_once_and_all_of_them()
    {
        using var folder = new TempFolder();
        var codes = typeof(ExitCode).GetFields().Where(f => f.IsLiteral).Select(f => (int)f.GetRawConstantValue()!).Order();

        Assert.Equal(codes, Documents.ExitCodeText.All.Select(c => c.Code));
        var run = await Run.In(folder.Path, "help", "exit-codes");
        foreach (var (code, meaning) in Documents.ExitCodeText.All) Assert.Matches($@"(?m)^{code} +{System.Text.RegularExpressions.Regex.Escape(meaning)}$", run.Out);
    }

    [Fact]
    public async Task Every_command_explains_itself()
    {
        using var folder = new TempFolder();
        foreach (var name in Cli.Commands.Root.Names)
        {
            var run = await Run.In(folder.Path, name, "--help");
            Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
            Assert.Contains($" {name} ", run.Out, StringComparison.Ordinal);
        }
    }
}
