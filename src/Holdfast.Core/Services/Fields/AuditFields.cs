using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

internal static class AuditFields
{
    public static GroupShape<AuditSpec> Shape { get; } = new("Audit", new AuditSpec(),
        new Field<AuditSpec, bool>("append", new FlagShape(), a => a.Append, (a, v) => a with { Append = v },
            "Whether the service may append records of its own business to the node's audit log, with `holdfast audit append` or by the API at HOLDFAST_AUDIT. Their author is the service: the agent finds out who calls.") { Example = "true" },
        new Field<AuditSpec, int>("perMinute", new NumberShape(1, AuditSpec.MostPerMinute), a => a.PerMinute, (a, v) => a with { PerMinute = v },
            "How many records each instance may append a minute, over time; a minute's worth may come at once. What is beyond is refused, and that it was is in the log.") { Example = "60", Synonyms = ["rate"] });
}
