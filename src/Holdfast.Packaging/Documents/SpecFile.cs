using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Services.Values;

namespace Holdfast.Packaging.Documents;

/// <summary>The one way from the text of a spec, and of values, to what it means.</summary>
public static class SpecFile
{
    /// <summary>Reads a <c>kind: Service</c> document.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="name">The file's name, for the places of problems.</param>
    /// <returns>The spec, or every problem in it (<see cref="ProblemKind.BadInput"/>), in the order of the lines.</returns>
    public static Outcome<ServiceSpec> Read(string text, string name) => Read(text, name, null, null);

    /// <summary>Reads the definition of an installed service: <c>kind: InstalledService</c>, or <c>kind: Service</c> alone.</summary>
    public static Outcome<InstalledDefinition> ReadDefinition(string text, string name) => YamlDocument.Read(text, name).Then(DefinitionReader.Read);

    /// <summary>Reads a spec with values laid over it; a null or blank values text is no values.</summary>
    /// <returns>The spec, or every problem in both files, each located in the file it comes from.</returns>
    public static Outcome<ServiceSpec> Read(string specText, string specName, string? valuesText, string? valuesName)
    {
        var spec = YamlDocument.Read(specText, specName);
        if (string.IsNullOrWhiteSpace(valuesText))
            return spec.Then(SpecReader.Read);
        var values = YamlDocument.Read(valuesText, valuesName ?? "values");
        if (!spec.TryGet(out var below) || !values.TryGet(out var over))
            return Outcome.Failed<ServiceSpec>([.. spec.Problems, .. values.Problems]);

        var (document, refused) = ValuesOverlay.Lay(below, over);
        var read = SpecReader.Read(document);
        return refused.Count == 0 ? read : Outcome.Failed<ServiceSpec>([.. refused, .. read.Problems]);
    }
}
