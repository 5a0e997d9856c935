using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Documents;

public sealed class YamlDocumentTests
{
    [Fact]
    public void Every_key_and_value_knows_its_place()
    {
        var root = Assert.IsType<MappingNode>(Read("name: orders\nstop:\n  timeout: 5s\nlist:\n  - a\n  - b\n").Value);

        Assert.Equal(new Place("f.yaml", 1, 1), root.Entries[0].KeyPlace);
        Assert.Equal(new Place("f.yaml", 1, 7), root.Entries[0].Value.Place);
        var stop = Assert.IsType<MappingNode>(root.Find("stop")!.Value);
        Assert.Equal(new Place("f.yaml", 3, 3), stop.Entries[0].KeyPlace);
        var list = Assert.IsType<SequenceNode>(root.Find("list")!.Value);
        Assert.Equal(new Place("f.yaml", 6, 5), list.Items[1].Place);
    }

    [Theory]
    [InlineData("a: 8080", "8080", false)]
    [InlineData("a: \"8080\"", "8080", true)]
    [InlineData("a: '8080'", "8080", true)]
    [InlineData("a: yes", "yes", false)]
    [InlineData("a: |\n  two\n  lines", "two\nlines", true)]
    [InlineData("a: 010", "010", false)]
    public void A_scalar_is_its_text_and_whether_it_was_quoted(string yaml, string text, bool quoted)
    {
        var scalar = Assert.IsType<ScalarNode>(((MappingNode)Read(yaml).Value).Find("a")!.Value);
        Assert.Equal((text, quoted), (scalar.Text.TrimEnd('\n'), scalar.Quoted));
    }

    [Theory]
    [InlineData("a:", true)]
    [InlineData("a: ~", true)]
    [InlineData("a: null", true)]
    [InlineData("a: \"\"", false)]
    [InlineData("a: 'null'", false)]
    [InlineData("a: {}", false)]
    public void Nothing_is_what_is_left_out_and_not_an_empty_text(string yaml, bool nothing) =>
        Assert.Equal(nothing, ((MappingNode)Read(yaml).Value).Find("a")!.Value.IsNothing);

    [Theory]
    [InlineData("a: [1, 2", "document.syntax", 1)]
    [InlineData("a: 1\n\tb: 2", "document.tab", 2)]
    [InlineData("a:\n  b: 1\n  \tc: 2", "document.tab", 3)]
    [InlineData("a: \"open\n\n\n", "document.syntax", 1)]
    [InlineData("a: 1\n b: 2", "document.syntax", 2)]
    [InlineData("", "document.empty", 1)]
    [InlineData("# only a comment\n", "document.empty", 1)]
    [InlineData("~", "document.empty", 1)]
    [InlineData("a: 1\nb: 2\na: 3", "document.duplicate-key", 3)]
    [InlineData("a: &x 1", "document.anchor", 1)]
    [InlineData("a: !!binary aGk=", "document.tag", 1)]
    [InlineData("b: 1\n<<: {a: 1}", "document.merge-key", 2)]
    [InlineData("a: 1\n---\nb: 2", "document.many", 2)]
    [InlineData("? [a]\n: 1", "document.key", 1)]
    [InlineData("a: 1\nb: \u0007", "document.unprintable", 2)]
    [InlineData("a: 1\nb: \uFFFD\uFFFD", "document.encoding", 2)]
    [InlineData("a: x\u202Etxt.exe", "document.unprintable", 1)]
    public void What_is_not_plain_yaml_is_refused_at_its_line(string yaml, string rule, int line)
    {
        var problem = Assert.Single(Read(yaml).Problems);
        Assert.Equal((rule, line, ProblemKind.BadInput), (problem.Rule, problem.Where!.Value.Line, problem.Kind));
        Assert.NotNull(problem.Mend);
    }

    [Fact]
    public void An_alias_is_refused_with_its_anchor()
    {
        var problems = Read("a: &x 1\nb: *x").Problems;
        Assert.Equal(["document.anchor", "document.alias"], problems.Select(p => p.Rule));
    }

    [Fact]
    public void All_that_is_refused_is_told_at_once()
    {
        var problems = Read("a: &x 1\na: 2\nb: !t 3\n<<: 4\n").Problems;
        Assert.Equal(4, problems.Count);
    }

    [Fact]
    public void A_document_without_end_of_nesting_is_refused() =>
        Assert.Equal("document.too-deep", Assert.Single(Read(new string('[', 5000)).Problems).Rule);

    [Fact]
    public void A_document_that_is_too_large_is_refused() =>
        Assert.Equal("document.too-large", Assert.Single(Read(new string('#', YamlDocument.MaxLength + 1)).Problems).Rule);

    [Fact]
    public void A_byte_order_mark_does_no_harm() => Assert.True(Read("\uFEFFa: 1").IsOk);

    private static Outcome<DocumentNode> Read(string yaml) => YamlDocument.Read(yaml, "f.yaml");
}
