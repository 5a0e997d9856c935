using System.Globalization;

namespace Holdfast.Segments;

/// <summary>A segment is named by its first sequence, so that names sort as their lines do: <c>0000000000000000001.seg</c>.</summary>
internal static class SegmentName
{
    public const string Extension = ".seg";

    private const int Digits = 19;

    public static string Of(long firstSequence) => firstSequence.ToString("D19", CultureInfo.InvariantCulture) + Extension;

    /// <summary>False for files that are not segments: they are left alone.</summary>
    public static bool TryParse(string name, out long firstSequence)
    {
        firstSequence = 0;
        return name.Length == Digits + Extension.Length
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out firstSequence)
            && firstSequence > 0;
    }
}
