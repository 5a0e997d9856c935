using System.Collections;

namespace Holdfast.Rpc;

/// <summary>
/// Headers or trailers of a call, in order, names may repeat. Not thread-safe.
/// A name is lower case (<c>0-9 a-z _ - .</c>); one that ends in <c>-bin</c> has bytes, any other printable ASCII text.
/// </summary>
public sealed class Metadata : IEnumerable<MetadataEntry>
{
    private readonly List<MetadataEntry> entries = [];

    public int Count => entries.Count;

    public void Add(MetadataEntry entry) => entries.Add(entry);

    public void Add(string name, string value) => Add(new MetadataEntry(name, value));

    public void Add(string name, byte[] value) => Add(new MetadataEntry(name, value));

    /// <summary>The last text value of that name, or null.</summary>
    public string? GetText(string name) => Last(name)?.Text;

    /// <summary>The last value of that name (ending in <c>-bin</c>), or null.</summary>
    public byte[]? GetBytes(string name) => Last(name)?.Bytes;

    public IEnumerator<MetadataEntry> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private MetadataEntry? Last(string name)
    {
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            if (string.Equals(entries[i].Name, name, StringComparison.OrdinalIgnoreCase)) return entries[i];
        }

        return null;
    }
}
