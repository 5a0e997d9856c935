using Holdfast.Core.Documents;
using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Trust;

/// <summary>Reads the shapes that a file of the policy is made of, noting every problem with its place.</summary>
public sealed class PolicyDocument
{
    public List<Problem> Problems { get; } = [];

    /// <summary>The mapping, with unknown keys noted; null when it is none.</summary>
    public MappingNode? Mapping(DocumentNode node, string what, params string[] keys)
    {
        if (node is not MappingNode mapping)
        {
            Note(node.Place, "policy.shape", $"{what} is {node.Words}; a mapping is expected");
            return null;
        }

        foreach (var entry in mapping.Entries.Where(e => !keys.Contains(e.Key)))
        {
            var meant = Nearest.To(entry.Key, keys);
            Note(entry.KeyPlace, "policy.unknown-key", $"{what} has no key '{entry.Key}'", null, meant is null ? $"known: {string.Join(", ", keys)}" : $"did you mean '{meant}'?");
        }

        return mapping;
    }

    /// <summary>The items of an optional list.</summary>
    public IReadOnlyList<DocumentNode> Items(MappingNode mapping, string key)
    {
        if (!mapping.TryGet(key, out var node) || node.IsNothing) return [];
        if (node is SequenceNode sequence) return sequence.Items;
        Note(node.Place, "policy.shape", $"{key} is {node.Words}; a list is expected");
        return [];
    }

    /// <summary>The text of an optional key; null when it is not given or no text.</summary>
    public string? Text(MappingNode mapping, string key) => mapping.TryGet(key, out var node) ? Text(node, key) : null;

    public string? Text(DocumentNode node, string what)
    {
        if (node is ScalarNode { IsNothing: false } scalar && scalar.Text.Length > 0) return scalar.Text;
        Note(node.Place, "policy.shape", $"{what} is {node.Words}; text is expected");
        return null;
    }

    public string? Required(MappingNode mapping, string key, string what)
    {
        if (mapping.Find(key) is not null) return Text(mapping, key);
        Note(mapping.Place, "policy.missing-key", $"{what} has no '{key}'");
        return null;
    }

    public void Note(Place place, string rule, string what, string? why = null, string? mend = null) =>
        Problems.Add(new(ProblemKind.BadInput, rule, what) { Where = place, Why = why, Mend = mend });
}
