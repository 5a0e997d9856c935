using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A size in bytes within bounds.</summary>
internal sealed class SizeShape(long least) : ScalarShape<long>
{
    public override string Words => Bounds.Words("size", SizeText.Format(least), null);

    protected override Fault? Parse(ScalarNode node, out long value)
    {
        if (!SizeText.TryParse(node.Text, out value))
        {
            var mend = SizeText.Complete(node.Text) is { } full ? $"write `{full}`" : "write a number and a unit: 512KiB, 1.5GiB, 10MB";
            return new(SpecRules.Size, $"{Show(node)} is not a size", null, mend);
        }

        return value < least ? new(SpecRules.Size, $"{Show(node)} is out of bounds", $"it must be a {Words}") : null;
    }

    public override JsonNode? ToJson(long value) => JsonValue.Create(SizeText.Format(value));

    public override JsonObject Schema(SchemaWriter writer) => new() { ["type"] = "string", ["pattern"] = SizeText.Pattern };
}
