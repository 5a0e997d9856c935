using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Fields;

namespace Holdfast.Core.Services;

/// <summary>
/// From what a spec means to its one canonical text: keys in the order of the schema, and only those that say something else than the
/// default. <see cref="SpecReader"/> reads the same spec from it.
/// </summary>
public static class SpecWriter
{
    /// <returns>YAML, which ends in a line end.</returns>
    public static string ToYaml(ServiceSpec spec) => YamlText.Of(Document(spec, SpecWords.Service));

    internal static JsonObject Document(ServiceSpec spec, string kind)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var document = ServiceFields.Shape.Write(spec);
        document.Insert(0, "apiVersion", SpecWords.ApiVersion);
        document.Insert(1, "kind", kind);
        return document;
    }
}
