using System.Buffers;

namespace Holdfast.Rpc;

/// <summary>One header or trailer. Exactly one of <see cref="Text"/> and <see cref="Bytes"/> is set.</summary>
public sealed class MetadataEntry
{
    internal const string BinarySuffix = "-bin";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz_-.");

    /// <exception cref="ArgumentException">The name or value cannot travel in a header.</exception>
    public MetadataEntry(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Name = CheckedName(name);
        if (Name.EndsWith(BinarySuffix, StringComparison.Ordinal)) throw new ArgumentException($"{name} must have bytes", nameof(value));
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')) throw new ArgumentException($"{name} must be printable ASCII", nameof(value));
        Text = value;
    }

    /// <exception cref="ArgumentException">The name cannot carry bytes.</exception>
    public MetadataEntry(string name, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Name = CheckedName(name);
        if (!Name.EndsWith(BinarySuffix, StringComparison.Ordinal)) throw new ArgumentException($"{name} must end in -bin", nameof(name));
        Bytes = value;
    }

    public string Name { get; }

    public string? Text { get; }

    public byte[]? Bytes { get; }

    private static string CheckedName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var lower = name.ToLowerInvariant();
        if (lower.AsSpan().ContainsAnyExcept(NameCharacters)) throw new ArgumentException($"'{name}' is not a metadata name", nameof(name));
        return lower;
    }
}
