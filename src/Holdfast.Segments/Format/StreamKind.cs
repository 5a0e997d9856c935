namespace Holdfast.Segments;

/// <summary>Whose lines a block holds. The numbers are the file format: append only.</summary>
public enum StreamKind : byte
{
    Stdout = 1,
    Stderr = 2,

    /// <summary>A note of the supervisor's own: lines lost, and what else a reader of the output must know.</summary>
    Holdfast = 3,

    /// <summary>Records of a journal, one JSON document per line.</summary>
    Journal = 4,

    /// <summary>Lines of a file that a service writes; its block says of which (<see cref="SegmentBlock.Origin"/>).</summary>
    File = 5,

    /// <summary>Events of a service's runtime, one JSON document per line.</summary>
    Event = 6,

    /// <summary>Entries of the node's audit log, as it writes them; a block says of which (<see cref="SegmentBlock.Origin"/>).</summary>
    Audit = 7,

    /// <summary>What the agent says of itself, one JSON document per line.</summary>
    Agent = 8,
}

public static class StreamKindNames
{
    /// <summary>As the API and the CLI show it: stdout, stderr, holdfast, journal, file, event, audit, agent.</summary>
    public static string Name(this StreamKind stream) => stream switch
    {
        StreamKind.Stdout => "stdout",
        StreamKind.Stderr => "stderr",
        StreamKind.Holdfast => "holdfast",
        StreamKind.Journal => "journal",
        StreamKind.File => "file",
        StreamKind.Event => "event",
        StreamKind.Audit => "audit",
        StreamKind.Agent => "agent",
        _ => "unknown",
    };

    /// <summary>The stream of that name, or null.</summary>
    public static StreamKind? Parse(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("stdout"u8) ? StreamKind.Stdout
        : name.SequenceEqual("stderr"u8) ? StreamKind.Stderr
        : name.SequenceEqual("holdfast"u8) ? StreamKind.Holdfast
        : name.SequenceEqual("journal"u8) ? StreamKind.Journal
        : name.SequenceEqual("file"u8) ? StreamKind.File
        : name.SequenceEqual("event"u8) ? StreamKind.Event
        : name.SequenceEqual("audit"u8) ? StreamKind.Audit
        : name.SequenceEqual("agent"u8) ? StreamKind.Agent
        : null;
}
