using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A duration within bounds.</summary>
internal sealed class DurationShape(TimeSpan least, TimeSpan? most = null) : ScalarShape<TimeSpan>
{
    private readonly TimeSpan most = most ?? DurationText.Longest;

    /// <summary>Zero is fine.</summary>
    public static DurationShape Any { get; } = new(TimeSpan.Zero);

    public static DurationShape Positive { get; } = new(TimeSpan.FromMilliseconds(1));

    public override string Words => Bounds.Words("duration", least > TimeSpan.Zero ? DurationText.Format(least) : null, most < DurationText.Longest ? DurationText.Format(most) : null);

    protected override Fault? Parse(ScalarNode node, out TimeSpan value)
    {
        if (!DurationText.TryParse(node.Text, out value))
        {
            var mend = Quantity.TrySplit(node.Text, out _, out var unit) && unit.Length == 0 ? $"for seconds write `{node.Text}s`" : "write a number and a unit: 500ms, 5s, 10m, 2h, 14d";
            return new(SpecRules.Duration, $"{Show(node)} is not a duration", null, mend);
        }

        return value < least || value > most ? new(SpecRules.Duration, $"{Show(node)} is out of bounds", $"it must be a {Words}") : null;
    }

    public override JsonNode? ToJson(TimeSpan value) => JsonValue.Create(DurationText.Format(value));

    public override JsonObject Schema(SchemaWriter writer) => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["pattern"] = DurationText.Pattern },
            new JsonObject { ["const"] = 0 }),
    };
}
