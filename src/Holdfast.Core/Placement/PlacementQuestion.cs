using System.Globalization;
using Holdfast.Core.Services;

namespace Holdfast.Core.Placement;

/// <summary>One asking of <see cref="PlacementMachine"/>.</summary>
/// <param name="Others">Of the other services those at least that this one names, or that name it.</param>
/// <param name="OthersOn">How many other services run on a node.</param>
internal sealed record PlacementQuestion(
    string Service, PlacementSpec Spec, PlacementRecord Present, IReadOnlyList<NodeFacts> Nodes, IReadOnlyList<OtherPlacement> Others, Func<string, int> OthersOn, DateTimeOffset Now)
{
    public string? Exclusion(NodeFacts node) => Owners.Exclusion(Service, Spec, node, Others, Present.Has(node.Name));

    public string? Bar(NodeFacts node) => Owners.Bar(Service, Spec, node, Others, Present.Has(node.Name));

    public int Avoided(NodeFacts node) => Owners.Avoided(Service, Spec, node.Name, Others);

    public int Preference(NodeFacts node) => Owners.Preference(Spec, node.Name);

    public int Instances(NodeFacts node) => OthersOn(node.Name);

    /// <summary>It is lost, and is not waited for any more.</summary>
    public bool IsGone(NodeFacts node) => node.Presence is NodePresence.Lost lost && Now - lost.Since >= Spec.MoveAfter;

    /// <param name="remarks">What is not as it should be, in sentences.</param>
    public PlacementDecision Answer(IReadOnlyList<NodeFacts> chosen, int missing, IReadOnlyList<string> remarks)
    {
        var names = chosen.OrderBy(Avoided).ThenBy(Preference).ThenBy(node => node.Name, StringComparer.Ordinal).Select(node => node.Name).ToList();
        var joining = names.Where(name => !Present.Has(name)).ToList();
        var leaving = Present.Nodes.Where(name => !names.Contains(name)).Distinct().ToList();
        var sentences = new List<string>();
        if (joining.Count > 0) sentences.Add($"it goes to {string.Join(", ", joining)}");
        sentences.AddRange(leaving.Select(name => $"it leaves {name}: {WhyLeaving(name)}"));
        sentences.AddRange(remarks);
        if (missing > 0) sentences.Add(Spec.Mode == PlacementMode.Replicas ? $"{missing} of {Spec.Replicas} replicas {(missing == 1 ? "has" : "have")} no node that can have it" : "no node that is there can have it");
        if (sentences.Count == 0) sentences.Add("it is where it should be");
        return new(new(names), string.Join("; ", sentences), Refusals(names)) { Joining = joining, Leaving = leaving, Missing = missing };
    }

    public static string Since(NodeFacts node) =>
        node.Presence is NodePresence.Lost lost ? $"{node.Name} has been lost since {lost.Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : $"{node.Name} is there";

    private string WhyLeaving(string name)
    {
        if (Nodes.FirstOrDefault(node => node.Name == name) is not { } node) return $"{name} is no node of the cluster any more";
        return Exclusion(node) ?? (IsGone(node) ? Since(node) : "fewer are wanted");
    }

    private Dictionary<string, string> Refusals(IReadOnlyList<string> names)
    {
        var refusals = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in Nodes.Where(node => !names.Contains(node.Name)))
        {
            // One that leaves now is asked as one that comes anew: that is what it would be.
            if (Owners.Exclusion(Service, Spec, node, Others, has: false) is { } why) refusals[node.Name] = why;
            else if (!node.IsAlive) refusals[node.Name] = Since(node);
        }

        return refusals;
    }
}
