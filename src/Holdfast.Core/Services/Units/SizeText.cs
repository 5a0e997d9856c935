using System.Globalization;

namespace Holdfast.Core.Services.Units;

/// <summary>Sizes as people write them: <c>512KiB</c>, <c>1.5GiB</c> (powers of 1024), <c>10MB</c> (powers of 1000), <c>100B</c>. Whole bytes.</summary>
public static class SizeText
{
    /// <summary>What the schema checks; <see cref="TryParse"/> also refuses fractions of a byte and what no 64-bit number holds.</summary>
    public const string Pattern = @"^[0-9]{1,19}(\.[0-9]{1,9})?(B|KiB|MiB|GiB|TiB|KB|MB|GB|TB)$";

    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("B", 1),
    ];

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        if (!Quantity.TrySplit(text, out var number, out var unit))
            return false;
        var size = Units.FirstOrDefault(known => known.Unit == unit).Bytes;
        if (size == 0 || number > (decimal)long.MaxValue / size)
            return false;
        var total = number * size;
        if (total != decimal.Truncate(total) || total > long.MaxValue)
            return false;
        bytes = (long)total;
        return true;
    }

    /// <summary>In the largest unit that leaves no fraction, powers of 1024 first.</summary>
    public static string Format(long bytes)
    {
        var (unit, size) = bytes == 0 ? ("B", 1) : Units.First(known => bytes % known.Bytes == 0);
        return (bytes / size).ToString(CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>The full unit for one that was cut short (<c>512M</c>, <c>1g</c>, <c>64kb</c>), or null.</summary>
    internal static string? Complete(string text)
    {
        if (!Quantity.TrySplit(text, out _, out var unit))
            return null;
        var number = text[..^unit.Length];
        return unit.ToUpperInvariant() switch
        {
            "" => number + "B",
            "K" or "KIB" => number + "KiB",
            "M" or "MIB" => number + "MiB",
            "G" or "GIB" => number + "GiB",
            "T" or "TIB" => number + "TiB",
            "KB" => number + "KB",
            "MB" => number + "MB",
            "GB" => number + "GB",
            "TB" => number + "TB",
            _ => null,
        };
    }
}
