using System.Collections.Concurrent;
using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Segments;

namespace Holdfast.Supervisor.State;

/// <summary>
/// The journal. The loop's events are written at the end of its turn, when the restarts of that turn are done, and by a thread of the
/// journal's own where that has nothing to sync: a slow disk delays who is told, never a restart. Nobody is told of an event before it is on disk.
/// <see cref="Write"/> and <see cref="Flush"/> are for the loop's thread.
/// </summary>
internal sealed class EventJournal : IDisposable
{
    private static readonly TimeSpan MaintainEvery = TimeSpan.FromHours(1);

    private readonly JournalWriter writer;
    private readonly TimeProvider time;
    private readonly Action<long> tell;
    private readonly Action<InstanceEvent>? copy;
    private readonly SemaphoreSlim work = new(0);
    private readonly Thread thread;
    private readonly ConcurrentQueue<InstanceEvent> told = new();
    private readonly Lock writing = new();
    private long last;
    private bool unflushed;
    private volatile bool busy;
    private volatile bool ending;
    private long maintained;

    /// <param name="tell">Called with the last sequence that is on disk, from the journal's thread.</param>
    /// <param name="copy">Called with each event in order, once it has its number; must return at once. Null: nobody else has them.</param>
    public EventJournal(JournalWriter writer, TimeProvider time, Action<long> tell, Action<InstanceEvent>? copy = null)
    {
        (this.writer, this.time, this.tell, this.copy) = (writer, time, tell, copy);
        last = writer.NextSequence - 1;
        maintained = time.GetTimestamp();
        thread = new Thread(SyncAll) { Name = "journal", IsBackground = true };
        thread.Start();
    }

    /// <summary>The last event that was written.</summary>
    public long Last => Interlocked.Read(ref last);

    public string? Trouble => writer.Trouble?.ToString();

    /// <summary>It is written by the end of the loop's turn (<see cref="Flush"/>), in this order.</summary>
    public void Write(InstanceEvent happened)
    {
        told.Enqueue(happened);
        unflushed = true;
    }

    /// <summary>At the end of a turn of the loop: what it told is to be written, synced and passed on.</summary>
    public void Flush()
    {
        if (!unflushed) return;
        unflushed = false;
        // Events do not wait in memory for a disk that is busy: the supervisor's own death would take them along.
        if (busy) WriteOut();
        work.Release();
    }

    /// <summary>What was told until now can be read afterwards, though it may not be on the disk yet. Who is shown a state finds what led to it.</summary>
    public void WriteOut()
    {
        lock (writing)
        {
            while (told.TryDequeue(out var happened))
            {
                var numbered = happened with { Sequence = writer.NextSequence };
                var sequence = writer.Append(JsonSerializer.SerializeToUtf8Bytes(numbered, SupervisionJson.Default.InstanceEvent), sync: false);
                Interlocked.Exchange(ref last, sequence);
                copy?.Invoke(numbered);
            }
        }
    }

    /// <summary>All events are on the disk. Or why they are not.</summary>
    public Problem? Drain()
    {
        WriteOut();
        return writer.Sync();
    }

    public void Dispose()
    {
        ending = true;
        work.Release();
        thread.Join();
        WriteOut();
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

            busy = true;
            WriteOut();
            var upTo = Last;
            writer.Sync();
            tell(upTo);
            Maintain();
            busy = false;
        }
    }

    private void Maintain()
    {
        if (time.GetElapsedTime(maintained) < MaintainEvery) return;
        maintained = time.GetTimestamp();
        writer.Maintain();
    }
}
