using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>true or false; YAML's older yes, no, on and off are not guessed at.</summary>
internal sealed class FlagShape : ScalarShape<bool>
{
    public override string Words => "true or false";

    protected override Fault? Parse(ScalarNode node, out bool value)
    {
        value = node.Text == "true";
        return !node.Quoted && node.Text is ("true" or "false")
            ? null
            : new(SpecRules.Flag, $"{Show(node)} is neither true nor false", null, "write `true` or `false`, without quotes");
    }

    public override JsonNode? ToJson(bool value) => JsonValue.Create(value);

    public override JsonObject Schema(SchemaWriter writer) => new() { ["type"] = "boolean" };
}
