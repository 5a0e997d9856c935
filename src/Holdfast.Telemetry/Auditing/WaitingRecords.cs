using System.Collections.Concurrent;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>Records that wait for the disk: those that come while others are being written are written together, with one sync for all of them.</summary>
internal sealed class WaitingRecords
{
    /// <summary>So many at most, that the first of them does not wait for long.</summary>
    private const int MostTogether = 256;

    private readonly ConcurrentQueue<WaitingRecord> waiting = new();

    public WaitingRecord Add(AuditRecord record)
    {
        var added = new WaitingRecord(record);
        waiting.Enqueue(added);
        return added;
    }

    /// <summary>Writes the oldest of them together. One caller at a time.</summary>
    /// <param name="write">Writes all that it is given, or none.</param>
    public void WriteNext(Func<IReadOnlyList<AuditRecord>, Outcome<IReadOnlyList<AuditEntry>>> write)
    {
        List<WaitingRecord> together = [];
        while (together.Count < MostTogether && waiting.TryDequeue(out var next))
            together.Add(next);
        var written = write([.. together.Select(one => one.Record)]);
        foreach (var (index, one) in together.Index())
            one.Answer = written.Then(entries => Outcome.Of(entries[index]));
    }
}

/// <summary>A record, and what became of it; null: nothing yet.</summary>
internal sealed class WaitingRecord(AuditRecord record)
{
    public AuditRecord Record => record;

    public Outcome<AuditEntry>? Answer { get; set; }
}
