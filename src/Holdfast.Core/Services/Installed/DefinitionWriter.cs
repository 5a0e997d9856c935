using Holdfast.Core.Documents;

namespace Holdfast.Core.Services;

/// <summary>The one canonical text of a definition, which <see cref="DefinitionReader"/> reads.</summary>
public static class DefinitionWriter
{
    /// <returns>YAML, which ends in a line end.</returns>
    public static string ToYaml(InstalledDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var document = SpecWriter.Document(definition.Spec, SpecWords.InstalledService);
        if (InstallFields.Shape.Write(definition.Install) is { Count: > 0 } install) document[InstallFields.Key] = install;
        return YamlText.Of(document);
    }
}
