using System.Text.RegularExpressions;

namespace Holdfast.Core.Tests.House;

/// <summary>Documents point to what is there, and say the same in both languages.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Pictures = [".png", ".jpg", ".gif", ".ico", ".hfpkg", ".seg", ".pfx", ".p7s", ".der", ".gz", ".zip", ".res"];

    [Fact]
    public void Every_link_leads_to_a_file_that_exists()
    {
        Findings.AssertNone(
            from file in Repository.Files
            where file.EndsWith(".md", StringComparison.Ordinal)
            from Match link in Link().Matches(WithoutCode(Repository.Text(file)))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            let path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repository.Full(file))!, Uri.UnescapeDataString(target)))
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{file}: {target}",
            "A link to nothing:");
    }

    [Fact]
    public void Every_document_is_in_the_index()
    {
        var index = Repository.Text("docs/README.md");
        Findings.AssertNone(
            from file in Repository.Files
            where file.StartsWith("docs/", StringComparison.Ordinal) && file.EndsWith(".md", StringComparison.Ordinal) && file != "docs/README.md"
                && !file.StartsWith("docs/adr/", StringComparison.Ordinal)
            where !index.Contains(file["docs/".Length..], StringComparison.Ordinal)
            select file,
            "docs/README.md does not list:");
    }

    [Fact]
    public void Both_readmes_have_the_same_commands()
    {
        Assert.Equal(CodeBlocks("README.md"), CodeBlocks("README.zh-CN.md"));
    }

    [Fact]
    public void Both_readmes_have_the_same_shape()
    {
        Assert.Equal(Shape("README.md"), Shape("README.zh-CN.md"));
    }

    [Fact]
    public void Every_decision_has_a_number_of_its_own()
    {
        var numbers = Repository.Files.Where(file => DecisionFile().IsMatch(file)).Select(file => file["docs/adr/".Length..][..4]).ToList();
        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct(), numbers);
    }

    [Fact]
    public void No_file_holds_a_path_of_somebodys_machine()
    {
        Findings.AssertNone(
            from file in Repository.Files
            where !Pictures.Contains(Path.GetExtension(file))
            from line in Repository.Lines(file).Index()
            where MachinePath().IsMatch(line.Item)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}",
            "A path that exists on one machine only:");
    }

    /// <summary>The commands of the code blocks: their comments are the language's.</summary>
    private static List<string> CodeBlocks(string file) =>
        [.. from Match block in CodeBlock().Matches(Repository.Text(file))
            from line in block.Value.Split('\n')
            let command = Comment().Replace(line, "").TrimEnd()
            where command.Length > 0
            select command];

    /// <summary>Headings and tables, in order, without their words: # ## ## |||.</summary>
    private static List<string> Shape(string file) =>
        [.. from line in WithoutCode(Repository.Text(file)).Split('\n')
            where line.StartsWith('#') || line.StartsWith('|')
            select line.StartsWith('#') ? line.Split(' ')[0] : new string('|', line.Count(c => c == '|'))];

    private static string WithoutCode(string markdown) => InlineCode().Replace(CodeBlock().Replace(markdown, ""), "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"(^|\s+)# .*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^docs/adr/\d{4}-[^/]+\.md$")]
    private static partial Regex DecisionFile();

    [GeneratedRegex(@"(?<![\w./~}*-])/(work|root|home/[a-z]+)/(?=[\w.])")]
    private static partial Regex MachinePath();
}
