using System.Globalization;

namespace Holdfast.Core.Sources;

/// <summary>Which file it is, whatever its name: device and inode on Linux, volume and file id on Windows. A file that is gone may leave its own to another one.</summary>
/// <param name="Device">The device, or the volume.</param>
/// <param name="Number">The inode, or the file id.</param>
public readonly record struct FileIdentity(ulong Device, ulong Number)
{
    /// <summary><c>fd01:2a</c>: both in hexadecimal.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Device:x}:{Number:x}");

    /// <summary>Null: that is none.</summary>
    public static FileIdentity? Parse(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        return colon > 0
            && ulong.TryParse(text[..colon], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var device)
            && ulong.TryParse(text[(colon + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
            ? new(device, number)
            : null;
    }
}
