using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A share of something: 0 to 1.</summary>
internal sealed class ShareShape : ScalarShape<double>
{
    public override string Words => "number, 0 to 1";

    protected override Fault? Parse(ScalarNode node, out double value) =>
        double.TryParse(node.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value is >= 0 and <= 1 && !node.Quoted
            ? null
            : new(SpecRules.Number, $"{Show(node)} is not a share", $"it must be a {Words}", "a tenth is `0.1`");

    public override JsonNode? ToJson(double value) => JsonValue.Create(value);

    /// <summary>Without an exponent, which is not read.</summary>
    public override JsonNode Write(double value) =>
        JsonValue.Create(decimal.Parse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture));

    public override JsonObject Schema(SchemaWriter writer) => new() { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1 };
}
