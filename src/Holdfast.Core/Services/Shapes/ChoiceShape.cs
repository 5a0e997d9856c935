using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>One word of a fixed set.</summary>
internal sealed class ChoiceShape<T>(params (string Word, T Value, string Doc)[] choices) : ScalarShape<T>
{
    /// <summary>The rule that a wrong word breaks.</summary>
    public SpecRule Rule { get; init; } = SpecRules.Choice;

    public override string Words => string.Join(" | ", choices.Select(choice => choice.Word));

    public override IReadOnlyList<(string Word, string Doc)> Choices => [.. choices.Select(choice => (choice.Word, choice.Doc))];

    protected override Fault? Parse(ScalarNode node, out T value)
    {
        value = default!;
        foreach (var choice in choices)
        {
            if (choice.Word != node.Text)
                continue;
            value = choice.Value;
            return null;
        }

        var words = choices.Select(choice => choice.Word).ToList();
        var nearest = words.Find(word => node.Text.EndsWith(word, StringComparison.OrdinalIgnoreCase)) ?? Nearest.To(node.Text, words);
        return new(
            Rule,
            $"{Show(node)} is not known here",
            words.Count == 1 ? null : $"known: {string.Join(", ", words)}",
            nearest is not null || words.Count == 1 ? $"write `{nearest ?? words[0]}`" : null);
    }

    public override JsonNode? ToJson(T value) =>
        choices.Where(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Select(choice => JsonValue.Create(choice.Word)).FirstOrDefault();

    public override JsonObject Schema(SchemaWriter writer) => new() { ["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice.Word))]) };
}
