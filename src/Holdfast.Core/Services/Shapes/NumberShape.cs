using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A whole number within bounds, written without quotes.</summary>
internal sealed class NumberShape(int least, int most = int.MaxValue) : ScalarShape<int>
{
    public override string Words => Bounds.Words(
        "whole number",
        least > int.MinValue ? least.ToString(CultureInfo.InvariantCulture) : null,
        most < int.MaxValue ? most.ToString(CultureInfo.InvariantCulture) : null);

    protected override Fault? Parse(ScalarNode node, out int value)
    {
        if (!int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            return new(SpecRules.Number, $"{Show(node)} is not a whole number", $"it must be a {Words}");
        if (node.Quoted)
            return new(SpecRules.Number, $"{Show(node)} is in quotes, so it is text", $"it must be a {Words}", "remove the quotes");
        return value < least || value > most ? new(SpecRules.Number, $"{Show(node)} is out of bounds", $"it must be a {Words}") : null;
    }

    public override JsonNode? ToJson(int value) => JsonValue.Create(value);

    public override JsonObject Schema(SchemaWriter writer) => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };
}
