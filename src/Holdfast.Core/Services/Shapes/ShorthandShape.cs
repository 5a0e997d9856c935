using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>Something that may be written in full, or as a single value in the common case.</summary>
/// <param name="narrow">The short value, boxed, where that says all of it, else null; without it the full form is written.</param>
internal sealed class ShorthandShape<TShort, T>(Shape<TShort> brief, Func<TShort, T> widen, Shape<T> full, Func<T, object?>? narrow = null) : Shape<T>
{
    public override string Words => $"{brief.Words}, or {full.Words}";

    public override IReadOnlyList<Field> Fields => full.Fields;

    public override IReadOnlyList<(string Word, string Doc)> Choices => full.Choices;

    public override bool IsList => full.IsList;

    public override bool TryRead(DocumentNode node, string path, SpecReading reading, [MaybeNullWhen(false)] out T value)
    {
        if (node is not ScalarNode)
            return full.TryRead(node, path, reading, out value);
        var read = brief.TryRead(node, path, reading, out var one);
        value = read ? widen(one!) : default;
        return read;
    }

    public override JsonNode? ToJson(T value) => full.ToJson(value);

    public override JsonNode? Write(T value) => narrow?.Invoke(value) is TShort one ? brief.Write(one) : full.Write(value);

    public override JsonObject Schema(SchemaWriter writer) => new() { ["anyOf"] = new JsonArray(brief.Schema(writer), full.Schema(writer)) };
}
