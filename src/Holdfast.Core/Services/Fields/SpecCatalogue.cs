using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

/// <summary>A key found by its path. Below a mapping with the user's own names, the field is that of the mapping.</summary>
internal sealed record CatalogueEntry(string Path, Field? Field, Shape Shape);

/// <summary>The catalogue by path.</summary>
internal static class SpecCatalogue
{
    /// <summary>All keys, depth first, in the order of the reference; NAME stands for the user's own names.</summary>
    public static IReadOnlyList<CatalogueEntry> Entries { get; } = [.. Walk(ServiceFields.Shape, "")];

    public static IReadOnlyList<string> Paths { get; } = [.. Entries.Select(entry => entry.Path)];

    /// <summary>Those below <c>install</c>, in a definition of an installed service; their paths begin with it.</summary>
    public static IReadOnlyList<CatalogueEntry> InstallEntries { get; } = [.. Walk(InstallFields.Shape, InstallFields.Key)];

    /// <summary>The key of a dotted path, or null.</summary>
    /// <param name="path">Without <c>service</c> in front; empty for the whole.</param>
    /// <param name="intoLists">Whether <c>after.service</c> leads to the items of a list.</param>
    public static CatalogueEntry? Find(string path, bool intoLists) => Find(ServiceFields.Shape, path, intoLists);

    /// <summary>Below <c>install</c>.</summary>
    public static CatalogueEntry? FindInstall(string path) => Find(InstallFields.Shape, path, intoLists: true);

    private static CatalogueEntry? Find(Shape root, string path, bool intoLists)
    {
        var at = new CatalogueEntry("", null, root);
        var rest = path;
        while (rest.Length > 0)
        {
            if (at.Shape.IsList && !intoLists)
                return null;
            if (at.Shape.Entry is { } entry)
            {
                // The user's names may hold dots themselves, where nothing lies below them.
                var end = entry.Fields.Count > 0 ? rest.IndexOf('.', StringComparison.Ordinal) : -1;
                var name = end < 0 ? rest : rest[..end];
                if (name.Length == 0)
                    return null;
                at = new(SpecPath.Join(at.Path, name), at.Field, entry);
                rest = end < 0 ? "" : rest[(end + 1)..];
                continue;
            }

            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            var key = dot < 0 ? rest : rest[..dot];
            if (at.Shape.Fields.FirstOrDefault(field => field.Key == key) is not { } found || rest.EndsWith('.'))
                return null;
            at = new(SpecPath.Join(at.Path, key), found, found.Shape);
            rest = dot < 0 ? "" : rest[(dot + 1)..];
        }

        return at;
    }

    /// <summary>The list that a path lies in.</summary>
    public static string ListAbove(string path)
    {
        while (Find(path, intoLists: false) is null)
            path = SpecPath.Parent(path);
        return path;
    }

    private static IEnumerable<CatalogueEntry> Walk(Shape shape, string path)
    {
        if (shape.Entry is { } entry && entry.Fields.Count > 0)
            path = SpecPath.Join(path, "NAME");
        foreach (var field in shape.Fields)
        {
            var at = SpecPath.Join(path, field.Key);
            yield return new(at, field, field.Shape);
            foreach (var below in Walk(field.Shape, at))
                yield return below;
        }
    }
}
