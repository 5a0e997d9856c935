using System.Globalization;

namespace Holdfast.Core.Services;

/// <summary>An EventSource of a .NET service whose events are wanted.</summary>
/// <param name="Provider">As the EventSource calls itself.</param>
public sealed record EventPipeSpec(string Provider)
{
    public EventPipeLevel Level { get; init; } = EventPipeLevel.Informational;

    /// <summary>Events that have any of these bits, as a hexadecimal number; null: all.</summary>
    public string? Keywords { get; init; }

    /// <summary>-1: all; null: that is no such number.</summary>
    public long? Mask => Keywords is null ? -1
        : Keywords.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && ulong.TryParse(Keywords.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask) ? unchecked((long)mask)
        : null;
}

/// <summary>This and what is more severe; the numbers are .NET's.</summary>
public enum EventPipeLevel
{
    Critical = 1,
    Error = 2,
    Warning = 3,
    Informational = 4,
    Verbose = 5,
}
