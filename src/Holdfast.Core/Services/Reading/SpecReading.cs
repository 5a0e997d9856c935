using Holdfast.Core.Problems;
using Holdfast.Core.Services.Rules;

namespace Holdfast.Core.Services.Reading;

/// <summary>One reading of a document: the problems found so far, and where each key stands, for the rules that come after.</summary>
internal sealed class SpecReading
{
    private readonly List<Problem> problems = [];
    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);
    private readonly List<string> broken = [];

    /// <summary>In the order of the files, lines and columns.</summary>
    public IReadOnlyList<Problem> Problems =>
        [.. problems.OrderBy(p => p.Where?.File, StringComparer.Ordinal).ThenBy(p => p.Where?.Line).ThenBy(p => p.Where?.Column)];

    /// <summary>A key (or item) of the document stands here.</summary>
    public void Found(string path, Place place) => places[path] = place;

    /// <summary>The document has this key, even if its value was refused.</summary>
    public bool Has(string path) => places.ContainsKey(path);

    /// <summary>Nothing at, below or above these paths was refused: a rule that compares them may judge.</summary>
    public bool Sound(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (broken.Exists(other => SpecPath.Covers(path, other) || SpecPath.Covers(other, path)))
                return false;
        }

        return true;
    }

    public void Report(string path, Place place, Fault fault)
    {
        broken.Add(path);
        problems.Add(new(ProblemKind.BadInput, fault.Rule.Name, path.Length == 0 ? fault.What : $"{path}: {fault.What}")
        {
            Where = place,
            Why = fault.Why,
            Mend = fault.Mend ?? $"`holdfast explain {SpecPath.Named(fault.Rule == SpecRules.UnknownKey ? SpecPath.Parent(path) : path)}` says more",
        });
    }

    /// <summary>Reports at the key of this path, or at the nearest one above that the document has.</summary>
    public void Report(string path, Fault fault) => Report(path, PlaceOf(path), fault);

    /// <summary>Where this key stands, or the nearest one above it that the document has.</summary>
    public Place PlaceOf(string path)
    {
        for (var at = path; at.Length > 0; at = SpecPath.Parent(at))
        {
            if (places.TryGetValue(at, out var place))
                return place;
        }

        return places.GetValueOrDefault("");
    }
}
