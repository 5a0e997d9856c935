using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A time of day.</summary>
internal sealed class TimeShape : ScalarShape<TimeOnly>
{
    public override string Words => "time of day, 00:00 to 23:59";

    protected override Fault? Parse(ScalarNode node, out TimeOnly value) => TimeText.TryParse(node.Text, out value)
        ? null
        : new(SpecRules.Time, $"{Show(node)} is not a time of day", null, "write hours and minutes, two digits each: \"06:30\"");

    public override JsonNode? ToJson(TimeOnly value) => JsonValue.Create(TimeText.Format(value));

    public override JsonObject Schema(SchemaWriter writer) => new() { ["type"] = "string", ["pattern"] = TimeText.Pattern };
}
