using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services;

/// <summary>From a document to the definition of an installed service, or to everything that is wrong with it.</summary>
public static class DefinitionReader
{
    /// <summary>Reads <c>kind: InstalledService</c>, and <c>kind: Service</c>, which says nothing of the installation.</summary>
    public static Outcome<InstalledDefinition> Read(DocumentNode document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document is not MappingNode whole || whole.Find("kind") is not { Value: ScalarNode { Text: SpecWords.InstalledService } kind })
            return SpecReader.Read(document).Then<InstalledDefinition>(spec => new InstalledDefinition { Spec = spec });

        var reading = new SpecReading();
        InstallSpec? install = null;
        if (whole.Find(InstallFields.Key) is { } found) InstallFields.Shape.TryRead(found.Value, InstallFields.Key, reading, out install);
        // The rest is a spec, and read as one.
        var rest = whole.Entries.Where(entry => entry.Key != InstallFields.Key).Select(entry => entry.Key == "kind" ? entry with { Value = kind with { Text = SpecWords.Service } } : entry);
        var spec = SpecReader.Read(new MappingNode(whole.Place, [.. rest]));
        var problems = reading.Problems.Concat(spec.Problems).OrderBy(problem => problem.Where?.Line).ToList();
        return problems.Count > 0 ? problems : new InstalledDefinition { Spec = spec.Value, Install = install ?? new() };
    }
}
