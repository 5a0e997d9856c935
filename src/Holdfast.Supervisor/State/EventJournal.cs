using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Segments;

namespace Holdfast.Supervisor.State;

/// <summary>
/// The journal, written by the loop and synced by a thread of its own: a slow disk delays who is told, never a restart.
/// Nobody is told of an event before it is on disk.
/// </summary>
internal sealed class EventJournal : IDisposable
{
    private static readonly TimeSpan MaintainEvery = TimeSpan.FromHours(1);

    private readonly JournalWriter writer;
    private readonly TimeProvider time;
    private readonly Action<long> tell;
    private readonly SemaphoreSlim work = new(0);
    private readonly Thread syncing;
    private long last;
    private long signalled;
    private volatile bool ending;
    private long maintained;

    /// <param name="tell">Called with the last sequence that is on disk, from the journal's thread.</param>
    public EventJournal(JournalWriter writer, TimeProvider time, Action<long> tell)
    {
        (this.writer, this.time, this.tell) = (writer, time, tell);
        last = signalled = writer.NextSequence - 1;
        maintained = time.GetTimestamp();
        syncing = new Thread(SyncAll) { Name = "journal", IsBackground = true };
        syncing.Start();
    }

    /// <summary>The last event that was written.</summary>
    public long Last => Interlocked.Read(ref last);

    public string? Trouble => writer.Trouble?.ToString();

    public void Write(InstanceEvent happened)
    {
        var numbered = happened with { Sequence = writer.NextSequence };
        var sequence = writer.Append(JsonSerializer.SerializeToUtf8Bytes(numbered, SupervisionJson.Default.InstanceEvent), sync: false);
        Interlocked.Exchange(ref last, sequence);
    }

    /// <summary>At the end of a turn of the loop: what was written is to be synced and told.</summary>
    public void Flush()
    {
        if (signalled == Last) return;
        signalled = Last;
        work.Release();
    }

    /// <summary>All events are on the disk. Or why they are not.</summary>
    public Problem? Drain() => writer.Sync();

    public void Dispose()
    {
        ending = true;
        work.Release();
        syncing.Join();
        writer.Dispose();
        work.Dispose();
    }

    private void SyncAll()
    {
        while (!ending)
        {
            work.Wait();
            while (work.Wait(0))
            {
                // Several turns, one sync.
            }

            var upTo = Last;
            writer.Sync();
            tell(upTo);
            if (time.GetElapsedTime(maintained) < MaintainEvery) continue;
            maintained = time.GetTimestamp();
            writer.Maintain();
        }
    }
}
