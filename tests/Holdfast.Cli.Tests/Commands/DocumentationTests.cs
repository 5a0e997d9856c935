using Holdfast.Cli.Documents;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>docs/cli.md says what the program does.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Every_command_and_exit_code_is_in_the_manual()
    {
        var manual = File.ReadAllText(Manual());

        Assert.All(Cli.Commands.Root.Names, name => Assert.Contains($"| `holdfast {name}", manual, StringComparison.Ordinal));
        Assert.All(ExitCodeText.All, code => Assert.Contains($"| {code.Code} | {code.Meaning} |", manual, StringComparison.Ordinal));
    }

    private static string Manual()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var manual = Path.Combine(folder.FullName, "docs", "cli.md");
            if (File.Exists(manual)) return manual;
        }

        throw new FileNotFoundException("No docs/cli.md above " + AppContext.BaseDirectory);
    }
}
