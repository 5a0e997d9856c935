using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

/// <summary>One key of the spec: everything that is known about it, said once.</summary>
internal abstract class Field(string key, Shape shape, string doc)
{
    public string Key { get; } = key;

    public Shape Shape { get; } = shape;

    /// <summary>What it means, in a sentence or a few.</summary>
    public string Doc { get; } = doc;

    /// <summary>A value as one would write it in YAML, on one line.</summary>
    public string? Example { get; init; }

    public bool Required { get; init; }

    /// <summary>What holds when it is not written, where the value alone does not say it.</summary>
    public string? DefaultWords { get; init; }

    /// <summary>What the key is called elsewhere, so that who writes that is told.</summary>
    public IReadOnlyList<string> Synonyms { get; init; } = [];

    /// <summary>The model has something here even when the key is not written.</summary>
    public bool HasDefault { get; protected set; }

    /// <summary>The model's default, as one would write it.</summary>
    public JsonNode? Default { get; protected set; }
}

internal abstract class Field<TOwner>(string key, Shape shape, string doc) : Field(key, shape, doc)
{
    public abstract void TakeDefault(TOwner blank);

    public abstract TOwner Read(TOwner owner, DocumentNode node, string path, SpecReading reading);

    /// <summary>What stands behind the key; null: it need not be written.</summary>
    public abstract JsonNode? Write(TOwner owner);
}

/// <param name="get">The present value, boxed: null where there is none.</param>
/// <param name="set">The owner with the value in it.</param>
internal sealed class Field<TOwner, TValue>(string key, Shape<TValue> shape, Func<TOwner, object?> get, Func<TOwner, TValue, TOwner> set, string doc)
    : Field<TOwner>(key, shape, doc)
{
    private JsonNode? unwritten;

    public override void TakeDefault(TOwner blank)
    {
        if (get(blank) is not TValue value)
            return;
        HasDefault = true;
        Default = shape.ToJson(value);
        unwritten = shape.Write(value);
    }

    public override JsonNode? Write(TOwner owner) =>
        get(owner) is TValue value && shape.Write(value) is { } written && !JsonNode.DeepEquals(written, unwritten) ? written : null;

    public override TOwner Read(TOwner owner, DocumentNode node, string path, SpecReading reading) =>
        shape.TryRead(node, path, reading, out var value) ? set(owner, value) : owner;
}
