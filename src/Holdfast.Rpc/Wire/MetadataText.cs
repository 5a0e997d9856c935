using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Rpc.Wire;

/// <summary>Metadata as header values and back.</summary>
internal static class MetadataText
{
    /// <summary>The value of the wire: text as it is, bytes as base64 without padding.</summary>
    public static string Format(MetadataEntry entry) =>
        entry.Text ?? Convert.ToBase64String(entry.Bytes!).TrimEnd('=');

    /// <summary>
    /// Adds a header of the wire. Binary values may be joined by commas and padded or not; what cannot be read is
    /// left out, because nobody could use it and the call itself is sound.
    /// </summary>
    public static void Add(Metadata metadata, string name, string? value)
    {
        if (value is null || HeaderNames.IsTransport(name)) return;
        if (!name.EndsWith(MetadataEntry.BinarySuffix, StringComparison.OrdinalIgnoreCase))
        {
            if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~') && IsName(name)) metadata.Add(name, value);
            return;
        }

        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (TryDecode(part, out var bytes) && IsName(name)) metadata.Add(name, bytes);
        }
    }

    private static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        var unpadded = text.TrimEnd('=');
        var padded = unpadded.PadRight((unpadded.Length + 3) / 4 * 4, '=');
        var buffer = new byte[padded.Length / 4 * 3];
        bytes = Convert.TryFromBase64String(padded, buffer, out var written) ? buffer[..written] : null;
        return bytes is not null;
    }

    private static bool IsName(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')) return false;
        }

        return name.Length > 0;
    }
}
