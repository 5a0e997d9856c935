namespace Holdfast.Core.Shipping;

/// <summary>Ids that somebody else gave to events.</summary>
public static class EventIds
{
    /// <summary>An Elasticsearch takes 512 bytes.</summary>
    public const int Longest = 512;

    private const byte FirstVisible = (byte)'!', LastVisible = (byte)'~';

    /// <summary>Whether it can be an event's id as it is: visible ASCII that JSON takes without an escape.</summary>
    public static bool IsValid(ReadOnlySpan<byte> id) =>
        id.Length is > 0 and <= Longest && !id.ContainsAnyExceptInRange(FirstVisible, LastVisible) && !id.ContainsAny((byte)'"', (byte)'\\');
}
