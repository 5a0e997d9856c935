using Holdfast.Core.Services;

namespace Holdfast.Core.Placement;

/// <summary>Which nodes may have a service, and which of them before which.</summary>
public static class Owners
{
    /// <summary>0 for the first of the preferred owners; all that are not preferred come last, as equals.</summary>
    public static int Preference(PlacementSpec spec, string node)
    {
        ArgumentNullException.ThrowIfNull(spec);
        for (var i = 0; i < spec.Preferred.Count; i++)
        {
            if (spec.Preferred[i] == node) return i;
        }

        return spec.Preferred.Count;
    }

    /// <summary>The same as it is now: a node that has a service which is avoided comes after all that have none.</summary>
    /// <param name="avoided">It has one.</param>
    public static int Preference(PlacementSpec spec, string node, bool avoided) => Preference(spec, node) + (avoided ? spec.Preferred.Count + 1 : 0);

    /// <summary>Why a node cannot have the service, in a sentence about the node; null: it can. Whether it is alive is not asked.</summary>
    /// <param name="has">It is placed there now: of two services that are never together and are, only one has to go.</param>
    public static string? Exclusion(string service, PlacementSpec spec, NodeFacts node, IReadOnlyList<OtherPlacement> others, bool has)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Bar(service, spec, node, others, has) ?? node.Eligibility switch
        {
            NodeEligibility.Drained drained => $"{node.Name} is drained ({drained.Why})",
            NodeEligibility.Quarantined quarantined => $"{node.Name} is quarantined ({quarantined.Why})",
            _ => null,
        };
    }

    /// <summary>Why the spec does not let a node have the service, whatever its state.</summary>
    internal static string? Bar(string service, PlacementSpec spec, NodeFacts node, IReadOnlyList<OtherPlacement> others, bool has)
    {
        if (spec.Possible is { } possible && !possible.Contains(node.Name)) return $"{node.Name} is not a possible owner";
        foreach (var (label, text) in spec.Labels)
        {
            if (!node.Labels.TryGetValue(label, out var value)) return $"{node.Name} has no label {label}";
            if (value != text) return $"{node.Name} has {label}={value}, not {text}";
        }

        return others.FirstOrDefault(other => other.IsOn(node.Name) && Repels(service, spec, other, has)) is { } near ? $"{node.Name} has {near.Service}, which it is never with" : null;
    }

    /// <summary>How many services of the node it is rather not with, or they not with it.</summary>
    public static int Avoided(string service, PlacementSpec spec, string node, IReadOnlyList<OtherPlacement> others)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(others);
        return others.Count(other => other.IsOn(node) && (spec.Avoid.Contains(other.Service) || other.Avoid.Contains(service)));
    }

    /// <summary>Where both are already, the one that said it goes; where both said it, the one whose name is later.</summary>
    private static bool Repels(string service, PlacementSpec spec, OtherPlacement other, bool has)
    {
        var (ours, theirs) = (spec.NeverWith.Contains(other.Service), other.NeverWith.Contains(service));
        if (!has) return ours || theirs;
        return ours && (!theirs || string.CompareOrdinal(service, other.Service) > 0);
    }
}
