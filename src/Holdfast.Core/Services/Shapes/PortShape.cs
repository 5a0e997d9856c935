using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A port's number, or null for <c>auto</c>.</summary>
internal sealed class PortShape : ScalarShape<int?>
{
    public override string Words => "port number, 1 to 65535, or auto";

    protected override Fault? Parse(ScalarNode node, out int? value)
    {
        value = null;
        if (node.Text == "auto")
            return null;
        if (!int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
            return new(SpecRules.PortNumber, $"{Show(node)} is not a port", "ports are 1 to 65535", "write a number, or `auto` to be given a free one");
        if (node.Quoted)
            return new(SpecRules.PortNumber, $"{Show(node)} is in quotes, so it is text", null, "remove the quotes");
        value = number;
        return null;
    }

    public override JsonNode? ToJson(int? value) => value is { } number ? JsonValue.Create(number) : JsonValue.Create("auto");

    public override JsonObject Schema(SchemaWriter writer) => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 65535 },
            new JsonObject { ["const"] = "auto" }),
    };
}
