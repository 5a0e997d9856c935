using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Services.Shapes;

/// <summary>Processor time in thousandths of a core, at least one.</summary>
internal sealed class CoresShape : ScalarShape<int>
{
    public override string Words => "number of cores";

    protected override Fault? Parse(ScalarNode node, out int value)
    {
        if (!CoresText.TryParse(node.Text, out value))
            return new(SpecRules.Cores, $"{Show(node)} is not a number of cores", null, "write cores (`1.5`) or thousandths of one (`250m`)");
        return value < 1 ? new(SpecRules.Cores, $"{Show(node)} is out of bounds", "a service without processor time cannot run", "remove the key for no limit") : null;
    }

    public override JsonNode? ToJson(int value) => JsonValue.Create(CoresText.Format(value));

    public override JsonObject Schema(SchemaWriter writer) => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["pattern"] = CoresText.Pattern },
            new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0, ["maximum"] = CoresText.Most / 1000 }),
    };
}
