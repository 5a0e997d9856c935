using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Core.Problems;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Clusters;

/// <summary>The documents of one kind at one revision, read out of their text once. One that cannot be read is named, and harms no other.</summary>
internal sealed record Shelf<T>(
    string Prefix, JsonTypeInfo<Document<T>> Type, ImmutableDictionary<string, Versioned<T>> Documents, ImmutableDictionary<string, Problem> Damaged)
{
    public static Shelf<T> Empty(string prefix, JsonTypeInfo<Document<T>> type) =>
        new(prefix, type, ImmutableDictionary.Create<string, Versioned<T>>(StringComparer.Ordinal), ImmutableDictionary.Create<string, Problem>(StringComparer.Ordinal));

    /// <summary>By what follows the prefix in its key.</summary>
    public Versioned<T>? Find(string name) => Documents.GetValueOrDefault(name);

    public bool Holds(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    public Shelf<T> With(string key, Change change)
    {
        var name = key[Prefix.Length..];
        if (change.Kind == ChangeKind.Delete) return this with { Documents = Documents.Remove(name), Damaged = Damaged.Remove(name) };
        var read = StateReader.Read(change.Item, Type);
        return read.TryGet(out var document)
            ? this with { Documents = Documents.SetItem(name, document), Damaged = Damaged.Remove(name) }
            : this with { Documents = Documents.Remove(name), Damaged = Damaged.SetItem(name, read.Problems[0]) };
    }
}
