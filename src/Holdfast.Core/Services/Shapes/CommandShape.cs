using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>An executable and its arguments, or the executable alone. There is no shell in between.</summary>
internal sealed class CommandShape : Shape<IReadOnlyList<string>>
{
    private static readonly ListShape<string> List = new("list of an executable and its arguments", new TextShape { Least = 0, Most = 32_768 }) { Least = 1, Most = 1024 };
    private static readonly TextShape Executable = new("executable") { Check = PathForms.Executable };
    private static readonly ShorthandShape<string, IReadOnlyList<string>> Either = new(Executable, one => [one], List);

    public static CommandShape One { get; } = new();

    public override string Words => Either.Words;

    public override bool IsList => true;

    public override bool TryRead(DocumentNode node, string path, SpecReading reading, [MaybeNullWhen(false)] out IReadOnlyList<string> value)
    {
        if (!Either.TryRead(node, path, reading, out value))
            return false;
        // The list does not know that its first item is special.
        if (node is SequenceNode { Items: [ScalarNode { IsNothing: false } first, ..] })
            return Executable.TryRead(first, SpecPath.Item(path, 0), reading, out _);
        return true;
    }

    public override JsonNode? ToJson(IReadOnlyList<string> value) => value.Count == 0 ? null : Either.ToJson(value);

    public override JsonNode Write(IReadOnlyList<string> value) => List.Write(value);

    public override JsonObject Schema(SchemaWriter writer) => Either.Schema(writer);
}
