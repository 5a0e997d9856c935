using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>What a value looks like: from this one description it is read, explained and drawn in the schema.</summary>
internal abstract class Shape
{
    /// <summary>As a person calls it, bounds included: <c>duration, more than 0</c>.</summary>
    public abstract string Words { get; }

    /// <summary>What each word means, where there is a fixed set of them.</summary>
    public virtual IReadOnlyList<(string Word, string Doc)> Choices => [];

    /// <summary>The keys of a mapping that has fixed ones; those of its items or entries where it is a collection.</summary>
    public virtual IReadOnlyList<Field> Fields => [];

    /// <summary>The shape behind any key, where the keys are the user's names.</summary>
    public virtual Shape? Entry => null;

    /// <summary>A list, whose items no path can name.</summary>
    public virtual bool IsList => false;

    public abstract JsonObject Schema(SchemaWriter writer);
}

internal abstract class Shape<T> : Shape
{
    /// <summary>
    /// Reads a node and reports what is wrong with it. True: there is a value that later rules may look at, even if parts of it
    /// were refused; false: there is none.
    /// </summary>
    public abstract bool TryRead(DocumentNode node, string path, SpecReading reading, [MaybeNullWhen(false)] out T value);

    /// <summary>A value as one would write it, to show defaults; null where there is nothing short to show.</summary>
    public abstract JsonNode? ToJson(T value);

    /// <summary>A whole value as one would write it, so that reading it gives the value again; what is as it is by itself is left out.</summary>
    public virtual JsonNode? Write(T value) => ToJson(value);
}
