using System.Globalization;

namespace Holdfast.Core.NativeServices;

/// <summary>One entry of a service's access list.</summary>
/// <param name="Sid">Whom it is for: <c>S-1-5-18</c>.</param>
public sealed record ServiceEntry(string Sid, ServiceRight Rights, bool Denies = false)
{
    /// <summary>The letters that SDDL has for bits, in the order that Windows writes them.</summary>
    private static readonly (string Letters, ServiceRight Bit)[] Letters =
    [
        ("CC", ServiceRight.QueryConfig), ("DC", ServiceRight.ChangeConfig), ("LC", ServiceRight.QueryStatus), ("SW", ServiceRight.EnumerateDependents), ("RP", ServiceRight.Start), ("WP", ServiceRight.Stop),
        ("DT", ServiceRight.PauseContinue), ("LO", ServiceRight.Interrogate), ("CR", ServiceRight.UserDefinedControl), ("SD", ServiceRight.Delete), ("RC", ServiceRight.ReadControl), ("WD", ServiceRight.WriteList), ("WO", ServiceRight.WriteOwner),
    ];

    /// <summary>Those that SDDL has a short name for, as far as they stand on services.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["S-1-5-18"] = "SY", ["S-1-5-32-544"] = "BA", ["S-1-5-4"] = "IU", ["S-1-5-6"] = "SU", ["S-1-1-0"] = "WD", ["S-1-5-11"] = "AU", ["S-1-5-32-545"] = "BU", ["S-1-5-19"] = "LS", ["S-1-5-20"] = "NS",
    };

    /// <summary><c>(A;;CCLC;;;SY)</c>; bits without letters make a number of all.</summary>
    public override string ToString()
    {
        var left = Letters.Aggregate(Rights, (rest, letter) => rest & ~letter.Bit);
        var words = left == ServiceRight.None ? string.Concat(Letters.Where(letter => Rights.HasFlag(letter.Bit)).Select(letter => letter.Letters)) : "0x" + ((uint)Rights).ToString("x", CultureInfo.InvariantCulture);
        return $"({(Denies ? "D" : "A")};;{words};;;{Names.GetValueOrDefault(Sid, Sid)})";
    }
}
