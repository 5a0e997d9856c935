using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;

namespace Holdfast.Core.Services.Values;

/// <summary>One laying of values over a spec: what is open, and what was refused.</summary>
internal sealed class Laying(IReadOnlyList<string> open, SpecReading reading)
{
    public MappingNode Merge(MappingNode below, MappingNode over, string path)
    {
        var entries = below.Entries.ToList();
        foreach (var entry in over.Entries)
        {
            var at = SpecPath.Join(path, entry.Key);
            reading.Found(at, entry.KeyPlace);
            var index = entries.FindIndex(known => known.Key == entry.Key);
            var merged = MergeOne(index < 0 ? null : entries[index].Value, entry.Value, at);
            if (merged is null)
                continue;
            // The key stands where it was last written: a problem with the value leads there.
            if (index < 0)
                entries.Add(entry with { Value = merged });
            else
                entries[index] = entry with { Value = merged };
        }

        return new(below.Place, entries);
    }

    /// <summary>What stands at this path now, or null where nothing may change.</summary>
    private DocumentNode? MergeOne(DocumentNode? below, DocumentNode over, string path)
    {
        var isOpen = open.Any(one => OpenPaths.Opens(one, path));
        if (over is not MappingNode { Entries.Count: > 0 } mapping)
        {
            if (!isOpen)
                Refuse(path);
            return isOpen ? over : null;
        }

        if (below is null or { IsNothing: true })
        {
            var made = Merge(new MappingNode(mapping.Place, []), mapping, path);
            return made.Entries.Count > 0 ? made : null;
        }

        if (below is MappingNode under)
            return Merge(under, mapping, path);
        if (isOpen)
            return over;
        reading.Report(path, new(SpecRules.ValuesShape, $"is {below.Words} in the spec (line {below.Place.Line}) and a mapping here", "the whole key is not open", "write it as the spec does, or write it out as a mapping there"));
        return null;
    }

    private void Refuse(string path)
    {
        if (LoaderVariables.Holds(path))
        {
            reading.Report(path, new(
                SpecRules.ValuesNotOpen, "is not open to values", "it decides what code runs, so only a spec that names it opens it",
                $"set it in the spec, or add `{path}` to `open:` there, and sign a new package"));
            return;
        }

        var nearest = Nearest.To(path, open.Select(OpenPaths.WithoutStar));
        reading.Report(path, new(
            SpecRules.ValuesNotOpen,
            "is not open to values",
            open.Count == 0 ? "the spec opens nothing" : $"the spec opens {string.Join(", ", open)}",
            nearest is not null ? $"did you mean `{nearest}`?" : $"remove it here; to open it, add it to `open:` of the spec and sign a new package"));
    }
}
