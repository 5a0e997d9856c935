using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>Text. A number or true written without quotes is taken as its text: <c>version: 1.10</c> is <c>1.10</c>.</summary>
internal sealed class TextShape : ScalarShape<string>
{
    private readonly string words;

    public TextShape(string words = "text") => this.words = words;

    /// <summary>In characters.</summary>
    public int Least { get; init; } = 1;

    /// <summary>In characters.</summary>
    public int Most { get; init; } = 4096;

    /// <summary>What else must hold, or null.</summary>
    public Func<string, Fault?>? Check { get; init; }

    /// <summary>For the schema: at least as wide as <see cref="Check"/>.</summary>
    public string? Pattern { get; init; }

    public override string Words => words;

    protected override Fault? Parse(ScalarNode node, out string value)
    {
        value = node.Text;
        if (value.Length < Least)
            return new(SpecRules.Length, "is empty", null, $"give it a value ({words}), or remove the key");
        if (value.Length > Most)
            return new(SpecRules.Length, $"has {value.Length} characters; {Most} are allowed");
        if (value.Contains('\0', StringComparison.Ordinal))
            return new(SpecRules.Character, "holds a NUL character", "the operating system would cut the text there", "remove it");
        return Check?.Invoke(value);
    }

    public override JsonNode? ToJson(string value) => JsonValue.Create(value);

    public override JsonObject Schema(SchemaWriter writer)
    {
        var schema = new JsonObject { ["type"] = Pattern is null ? new JsonArray("string", "number", "boolean") : "string" };
        if (Least > 0 && Pattern is null)
            schema["minLength"] = Least;
        schema["maxLength"] = Most;
        if (Pattern is not null)
            schema["pattern"] = Pattern;
        return schema;
    }
}
