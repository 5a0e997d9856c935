using Holdfast.Core.Auditing;
using Holdfast.Segments;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Telemetry.Tests.Auditing;

/// <summary>The stream that a log's entries are copied into, and what is in it.</summary>
internal static class CopiedLog
{
    public static string Of(string log) => Path.Combine(Path.GetDirectoryName(log)!, "stream");

    public static AuditCopy Open(string log, TimeProvider time)
    {
        Directory.CreateDirectory(Of(log));
        return AuditCopy.Open(log, Of(log), new SegmentPolicy(), time).Value;
    }

    /// <summary>Copies all that there is, in a copy that is opened for it.</summary>
    public static void CopyAll(string log, AuditHead head, TimeProvider time)
    {
        using var copy = Open(log, time);
        CopyAll(copy, head);
    }

    public static void CopyAll(AuditCopy copy, AuditHead head)
    {
        var turns = 0;
        do Assert.Null(copy.Turn(head, out _));
        while (copy.Copied != head && ++turns < 100);
        Assert.Equal(head, copy.Copied);
    }

    /// <summary>All blocks, with what each says in words.</summary>
    public static List<(StreamKind Stream, string Text, Loss? Loss)> Lines(string log)
    {
        List<(StreamKind, string, Loss?)> lines = [];
        using var reader = SegmentReader.Open(Of(log), SegmentStart.Beginning, TimeProvider.System);
        while (reader.TryRead(out var block))
        {
            foreach (var line in block.Split()) lines.Add((block.Stream, System.Text.Encoding.UTF8.GetString(line.Text.Span), block.Loss));
        }

        return lines;
    }

    /// <summary>The entries in the order of the stream, each as the log wrote it.</summary>
    public static List<AuditEntry> Entries(string log) =>
    [
        .. Lines(log).Where(line => line.Stream == StreamKind.Audit)
            .Select(line => AuditLine.Parse(System.Text.Encoding.UTF8.GetBytes(line.Text + "\n"), out var why) ?? throw new InvalidOperationException(why)),
    ];
}
