using System.Diagnostics.CodeAnalysis;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Documents;

/// <summary>
/// A piece of a document that a person wrote, with the place where it stands: a mapping, a sequence or a scalar, and nothing else.
/// Which format it was written in is not its business.
/// </summary>
public abstract record DocumentNode
{
    private protected DocumentNode(Place place) => Place = place;

    /// <summary>Where it begins.</summary>
    public Place Place { get; }

    /// <summary>What it is, as a person calls it: <c>a mapping</c>, <c>a list</c>, <c>text</c>, <c>nothing</c>.</summary>
    public abstract string Words { get; }

    /// <summary>A scalar that says that there is nothing: a key without a value, <c>~</c> or <c>null</c>, not in quotes.</summary>
    public virtual bool IsNothing => false;
}

/// <summary>Keys and values in the order they were written; no key comes twice.</summary>
public sealed record MappingNode(Place Place, IReadOnlyList<MappingEntry> Entries) : DocumentNode(Place)
{
    public override string Words => "a mapping";

    /// <summary>The entry of this key, or null.</summary>
    public MappingEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);

    public bool TryGet(string key, [MaybeNullWhen(false)] out DocumentNode value)
    {
        value = Find(key)?.Value;
        return value is not null;
    }
}

/// <summary>One line of a mapping, with the place of its key.</summary>
public sealed record MappingEntry(string Key, Place KeyPlace, DocumentNode Value);

public sealed record SequenceNode(Place Place, IReadOnlyList<DocumentNode> Items) : DocumentNode(Place)
{
    public override string Words => "a list";
}

/// <summary>
/// A single value, as its text. Whether it was in quotes is kept, because <c>"8080"</c> says text where <c>8080</c> leaves it open.
/// </summary>
public sealed record ScalarNode(Place Place, string Text, bool Quoted) : DocumentNode(Place)
{
    public override string Words => IsNothing ? "nothing" : "a single value";

    public override bool IsNothing => !Quoted && Text is ("" or "~" or "null");
}
