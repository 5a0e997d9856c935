namespace Holdfast.Core.Shipping;

/// <summary>What a member of a line is to its event.</summary>
internal enum LinePart
{
    /// <summary>A member, as any.</summary>
    Other,
    Time,
    Level,
    Message,

    /// <summary>The event has a member of this name itself.</summary>
    Ours,
}

/// <summary>Which parts of a line have which names. Told by length first: it is asked for each member of each line.</summary>
internal static class LineNames
{
    public static LinePart Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("ts"u8) => LinePart.Time,
        3 when name.SequenceEqual("msg"u8) => LinePart.Message,
        3 when name.SequenceEqual("lvl"u8) => LinePart.Level,
        3 when name.SequenceEqual("ecs"u8) => LinePart.Ours,
        4 when name.SequenceEqual("time"u8) => LinePart.Time,
        4 when name.SequenceEqual("host"u8) => LinePart.Ours,
        5 when name.SequenceEqual("level"u8) => LinePart.Level,
        5 when name.SequenceEqual("event"u8) => LinePart.Ours,
        6 when name.SequenceEqual("labels"u8) => LinePart.Ours,
        7 when name.SequenceEqual("message"u8) => LinePart.Message,
        7 when name.SequenceEqual("service"u8) => LinePart.Ours,
        8 when name.SequenceEqual("severity"u8) => LinePart.Level,
        9 when name.SequenceEqual("timestamp"u8) => LinePart.Time,
        9 when name.SequenceEqual("log.level"u8) => LinePart.Level,
        10 when name.SequenceEqual("@timestamp"u8) => LinePart.Time,
        13 when name.SequenceEqual("labels.stream"u8) => LinePart.Ours,
        13 when name.SequenceEqual("log.file.path"u8) => LinePart.Ours,
        _ => IsBelowOurs(name) ? LinePart.Ours : LinePart.Other,
    };

    /// <summary>Whether a member that is not taken as time, level or message would be a second one of its name: two are one too many for who indexes them.</summary>
    public static bool IsOurs(LinePart part, ReadOnlySpan<byte> name) =>
        part == LinePart.Ours || (part != LinePart.Other && (name.SequenceEqual("@timestamp"u8) || name.SequenceEqual("message"u8) || name.SequenceEqual("log.level"u8)));

    private static bool IsBelowOurs(ReadOnlySpan<byte> name) =>
        name is [(byte)'e' or (byte)'h' or (byte)'s', _, _, _, ..]
        && (name.StartsWith("event."u8) || name.StartsWith("service."u8) || name.StartsWith("host."u8) || name.StartsWith("ecs."u8));
}
