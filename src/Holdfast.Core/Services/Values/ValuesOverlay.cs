using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;

namespace Holdfast.Core.Services.Values;

/// <summary>
/// Lays a <c>kind: Values</c> document over a spec's. Mappings are merged key by key, anything else takes the place of what was there.
/// What the spec does not open is refused by its name and left out, so that the rest can still be judged.
/// </summary>
public static class ValuesOverlay
{
    /// <returns>The spec with the values in it, and what was refused of them.</returns>
    public static (DocumentNode Document, IReadOnlyList<Problem> Problems) Lay(DocumentNode spec, DocumentNode values)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(values);
        var reading = new SpecReading();
        reading.Found("", values.Place);
        if (!ValuesHead.Shape.TryRead(Head(values), "", reading, out var named) || spec is not MappingNode below || values is not MappingNode over)
            return (spec, reading.Problems);

        var name = (below.Find("name")?.Value as ScalarNode)?.Text;
        if (named.Length > 0 && name is not null && named != name && reading.Sound("name"))
            reading.Report("name", new(SpecRules.ValuesName, $"these values are for `{named}`", $"the service is `{name}`", "give the values of this service, or remove the name"));
        var laying = new Laying(Open(below), reading);
        return (laying.Merge(below, Body(over), ""), reading.Problems);
    }

    private static List<string> Open(MappingNode spec) => spec.Find("open")?.Value is SequenceNode open
        ? [.. open.Items.OfType<ScalarNode>().Select(item => item.Text)]
        : [];

    private static DocumentNode Head(DocumentNode values) => values is MappingNode mapping
        ? new MappingNode(mapping.Place, [.. mapping.Entries.Where(entry => IsHead(entry.Key))])
        : values;

    private static MappingNode Body(MappingNode values) => new(values.Place, [.. values.Entries.Where(entry => !IsHead(entry.Key))]);

    private static bool IsHead(string key) => key is "apiVersion" or "kind" or "name";
}
