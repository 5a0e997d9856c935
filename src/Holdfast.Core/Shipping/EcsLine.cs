using System.Text;

namespace Holdfast.Core.Shipping;

/// <summary>A line that is an event already, as <see cref="EventWriter"/> and <see cref="JsonLine"/> write them.</summary>
public static class EcsLine
{
    private const int DeepestNesting = 64;

    /// <summary>Copies the event as it is, as one line, with its newline.</summary>
    /// <param name="to">Where it is written to.</param>
    /// <param name="line">Valid UTF-8.</param>
    /// <returns>Its id; empty: it is no such event, and nothing was written.</returns>
    public static string TryCopy(EventBuffer to, ReadOnlySpan<byte> line)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (line.IsEmpty || line[0] != (byte)'{') return "";
        var id = IdOf(line);
        if (id.Length == 0) return "";
        // Where JSON is valid, newlines are only between its words.
        while (line.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end)
        {
            to.Add(line[..end]);
            to.Add((byte)' ');
            line = line[(end + 1)..];
        }

        to.Add(line);
        to.Add((byte)'\n');
        return id;
    }

    private static string IdOf(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> id = [];
        var (hasTime, hasVersion) = (false, false);
        var members = new JsonMembers(line, DeepestNesting);
        while (members.TryNext(out var member))
        {
            if (line[member.Value] != (byte)'"') continue;
            var name = line[member.Name..member.NameEnd];
            var value = line[member.Value..member.End];
            if (name.SequenceEqual("event.id"u8) && EventIds.IsValid(value[1..^1])) id = value[1..^1];
            hasTime |= name.SequenceEqual("@timestamp"u8) && LineTime.TryValue(value, out _);
            hasVersion |= name.SequenceEqual("ecs.version"u8);
        }

        return hasTime && hasVersion && members.IsWhole ? Encoding.ASCII.GetString(id) : "";
    }
}
