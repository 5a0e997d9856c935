using System.Globalization;
using System.Text;

namespace Holdfast.Core.Packages;

/// <summary>
/// Which paths a package may hold: relative, with forward slashes, and meaning the same single file on every operating system.
/// </summary>
public static class PackagePath
{
    /// <summary>Of the whole path, in UTF-8 bytes.</summary>
    public const int MaxLength = 400;

    /// <summary>Of one name between slashes, in UTF-8 bytes: what Linux file systems take.</summary>
    public const int MaxNameLength = 255;

    /// <summary>Names between slashes.</summary>
    public const int MaxDepth = 32;

    private const string Forbidden = "\\:*?\"<>|";

    /// <summary>Null when the path is good; else why it is not, as the end of a sentence: <c>it leaves the package</c>.</summary>
    public static string? WhyBad(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0) return "it is empty";
        if (path.Length > MaxLength || Encoding.UTF8.GetByteCount(path) > MaxLength) return $"it is longer than {MaxLength} bytes";
        if (path[0] == '/') return "it is absolute";
        if (path.Length >= 2 && path[1] == ':') return "it names a drive";
        if (WhyBadCharacters(path) is { } characters) return characters;
        var names = path.Split('/');
        if (names.Length > MaxDepth) return $"it is nested more than {MaxDepth} folders deep";
        return names.Select(WhyBadName).FirstOrDefault(why => why is not null);
    }

    private static string? WhyBadName(string name)
    {
        if (name.Length == 0) return "it has an empty name between slashes";
        if (name == "..") return "it leaves the package ('..')";
        if (name == ".") return "it has a name '.'";
        if (name[^1] is '.' or ' ') return "a name ends with a dot or a space, which Windows drops";
        if (name[0] == ' ') return "a name begins with a space";
        if (Encoding.UTF8.GetByteCount(name) > MaxNameLength) return $"a name is longer than {MaxNameLength} bytes";
        return IsReservedOnWindows(name) ? $"'{name}' is a device on Windows" : null;
    }

    /// <summary>CON, NUL, COM1 and the like, whatever their extension: <c>nul.txt</c> is a device too.</summary>
    private static bool IsReservedOnWindows(string name)
    {
        var dot = name.IndexOf('.');
        var stem = (dot < 0 ? name : name[..dot]).TrimEnd(' ').ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL" or "CLOCK$" or "CONIN$" or "CONOUT$"
            || (stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal))
                && stem[3] is (>= '0' and <= '9') or '¹' or '²' or '³');
    }

    private static string? WhyBadCharacters(string path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c == '\\') return "it holds a backslash";
            if (c == ':') return "it holds a colon (a drive, or an alternate data stream)";
            if (Forbidden.Contains(c, StringComparison.Ordinal)) return $"it holds '{c}', which Windows does not allow";
            if (!Rune.TryGetRuneAt(path, i, out var rune)) return "it holds half of a surrogate pair";
            if (rune.Utf16SequenceLength == 2) i++;
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                return $"it holds the invisible character U+{rune.Value:X4}";
            if (HasAnotherForm(rune.Value)) return $"it holds U+{rune.Value:X4}, which has another spelling in Unicode's normal form C";
        }

        return null;
    }

    /// <summary>
    /// Characters that normal form C composes or replaces: a name with them would be two names that look the same. Decided by range,
    /// because the runtime normalizes nothing in the invariant mode that the product runs in.
    /// </summary>
    private static bool HasAnotherForm(int value) => value
        is (>= 0x0300 and <= 0x036F) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF) or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE20 and <= 0xFE2F)
        or 0x3099 or 0x309A or 0x2126 or 0x212A or 0x212B
        or (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97F) or (>= 0xD7B0 and <= 0xD7FF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
