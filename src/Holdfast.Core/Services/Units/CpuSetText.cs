using System.Globalization;

namespace Holdfast.Core.Services.Units;

/// <summary>A set of CPUs as the kernel writes it: <c>0,2-3</c>, in order and without overlaps, so that equal sets are equal texts.</summary>
public static class CpuSetText
{
    /// <summary>The highest number a kernel can be built for.</summary>
    public const int Most = 8191;

    /// <summary>One part of a set, for the schema; <see cref="TryParsePart"/> also refuses what is out of bounds.</summary>
    public const string PartPattern = "^[0-9]{1,4}(-[0-9]{1,4})?$";

    /// <summary>A number or a range: <c>2</c>, <c>2-3</c>.</summary>
    public static bool TryParsePart(string text, out (int First, int Last) part)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ends = text.Split('-');
        part = default;
        if (ends.Length > 2 || !TryNumber(ends[0], out var first) || !TryNumber(ends[^1], out var last) || first > last)
            return false;
        part = (first, last);
        return true;
    }

    public static string Format(IEnumerable<int> cpus)
    {
        var parts = new List<(int First, int Last)>();
        foreach (var cpu in cpus.Distinct().Order())
        {
            if (parts.Count > 0 && parts[^1].Last == cpu - 1) parts[^1] = (parts[^1].First, cpu);
            else parts.Add((cpu, cpu));
        }

        return string.Join(',', parts.Select(part => part.First == part.Last
            ? part.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{part.First}-{part.Last}")));
    }

    /// <summary>The numbers of a set, in order. Null: it is none.</summary>
    public static IReadOnlyList<int>? Numbers(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var numbers = new SortedSet<int>();
        foreach (var word in text.Split(','))
        {
            if (!TryParsePart(word, out var part)) return null;
            numbers.UnionWith(Enumerable.Range(part.First, part.Last - part.First + 1));
        }

        return [.. numbers];
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= Most;
}
