using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A list of CPUs and ranges of them, <c>[0, 2-3]</c>, read into the text that the kernel has for it.</summary>
internal sealed class CpuSetShape : Shape<string>
{
    private static readonly ListShape<(int First, int Last)> Parts = new("list of CPUs", new PartShape()) { Least = 1 };

    public override string Words => Parts.Words;

    public override bool IsList => true;

    public override bool TryRead(DocumentNode node, string path, SpecReading reading, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        if (!Parts.TryRead(node, path, reading, out var parts))
            return false;
        value = CpuSetText.Format(parts.SelectMany(part => Enumerable.Range(part.First, part.Last - part.First + 1)));
        return value.Length > 0;
    }

    public override JsonNode? ToJson(string value) => new JsonArray([.. value.Split(',').Select(part => JsonValue.Create(part))]);

    public override JsonObject Schema(SchemaWriter writer) => Parts.Schema(writer);

    private sealed class PartShape : ScalarShape<(int First, int Last)>
    {
        public override string Words => "number of a CPU, or a range of them";

        protected override Fault? Parse(ScalarNode node, out (int First, int Last) value) => CpuSetText.TryParsePart(node.Text, out value)
            ? null
            : new(SpecRules.Cpus, $"{Show(node)} names no CPU", $"CPUs are numbered from 0 to {CpuSetText.Most}", "write a number (`2`) or a range (`2-3`), the lower one first");

        public override JsonNode? ToJson((int First, int Last) value) => null;

        public override JsonObject Schema(SchemaWriter writer) => new()
        {
            ["anyOf"] = new JsonArray(
                new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = CpuSetText.Most },
                new JsonObject { ["type"] = "string", ["pattern"] = CpuSetText.PartPattern }),
        };
    }
}
