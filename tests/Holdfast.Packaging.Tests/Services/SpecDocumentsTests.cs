using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Holdfast.Core.Services;
using Holdfast.Core.Services.Guide;
using Holdfast.Core.Services.Schema;
using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Services;

/// <summary>What is published about the spec is what the reader does.</summary>
public sealed class SpecDocumentsTests
{
    private const string Guide = "docs/spec.md";
    private const string Begin = "<!-- reference: generated from the catalogue -->\n";
    private const string End = "<!-- end of the reference -->\n";

    [Fact]
    public void The_published_schema_is_the_catalogue_s() => Golden.Check("schema/holdfast.schema.json", SpecSchema.Generate());

    [Fact]
    public void The_schema_takes_what_the_reader_takes()
    {
        var judge = new SchemaJudge(JsonNode.Parse(SpecSchema.Generate())!.AsObject());
        var valid = Directory.EnumerateFiles(Path.Combine(Golden.Root, "samples"), "*.yaml", SearchOption.AllDirectories)
            .Append(Path.Combine(Golden.Root, "tests/Holdfast.Packaging.Tests/Services/full.yaml"))
            .Select(File.ReadAllText)
            .Append(SpecTemplate.For("orders").Value[SpecWords.FileName]);

        Assert.All(valid, text => Assert.True(judge.Accepts(YamlDocument.Read(text, "f").Value), text));
    }

    [Theory]
    [InlineData("unknown-key")]
    [InlineData("missing-key")]
    [InlineData("duration")]
    [InlineData("size")]
    [InlineData("choice")]
    [InlineData("flag")]
    [InlineData("number-quoted")]
    [InlineData("environment-name")]
    public void The_schema_refuses_what_an_editor_can_see(string name)
    {
        var judge = new SchemaJudge(JsonNode.Parse(SpecSchema.Generate())!.AsObject());
        var text = File.ReadAllText(Path.Combine(Golden.Root, $"tests/Holdfast.Packaging.Tests/Services/bad/{name}.yaml"));
        Assert.False(judge.Accepts(YamlDocument.Read(text, name).Value));
    }

    [Fact]
    public void The_reference_is_the_catalogue_s()
    {
        var guide = File.ReadAllText(Path.Combine(Golden.Root, Guide)).ReplaceLineEndings("\n");
        var begin = guide.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = guide.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin > Begin.Length && end > begin, "the guide has lost its reference");

        Golden.Check(Guide, guide[..begin] + "\n" + SpecReference.Markdown() + "\n" + guide[end..]);
    }

    [Fact]
    public void Every_example_of_the_guide_is_valid()
    {
        var guide = File.ReadAllText(Path.Combine(Golden.Root, Guide)).ReplaceLineEndings("\n");
        var blocks = Regex.Matches(guide, "^```yaml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToList();
        Assert.True(blocks.Count >= 8, $"only {blocks.Count} examples");

        var spec = "";
        foreach (var block in blocks)
        {
            if (block.Contains("kind: Values", StringComparison.Ordinal))
            {
                Assert.Empty(SpecFile.Read(spec, "guide", block, "guide").Problems);
                continue;
            }

            // A part of a spec is read with the head that it leaves out.
            spec = block.Contains("kind: Service", StringComparison.Ordinal) ? block : "apiVersion: holdfast/v1\nkind: Service\nname: orders\n" + (block.Contains("command:", StringComparison.Ordinal) && Regex.IsMatch(block, "^command:", RegexOptions.Multiline) ? "" : "command: bin/orders\n") + (Regex.IsMatch(block, "^ports:", RegexOptions.Multiline) ? "" : "ports: {http: auto}\n") + block;
            Assert.Empty(SpecFile.Read(spec, "guide", null, null).Problems.Select(problem => $"{problem}\n{spec}"));
        }
    }
}
