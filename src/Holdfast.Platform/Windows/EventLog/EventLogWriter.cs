using System.Threading.Channels;
using Holdfast.Core.EventLog;

namespace Holdfast.Platform.Windows.EventLog;

/// <summary>
/// Writes events into Windows' log on a thread of its own. Who hands one over waits for nothing and fails at nothing: Windows writes by a
/// call to another process, which may stand still while it starts, ends or is full. What does not fit into the queue, or is refused, is counted,
/// and the count is written when there is room again.
/// </summary>
internal sealed unsafe class EventLogWriter : IDisposable
{
    /// <summary>More events than a supervisor tells of in a bad minute.</summary>
    public const int MostWaiting = 256;

    /// <summary>How long the end of a supervisor may wait for the last events to be written.</summary>
    public static readonly TimeSpan LastWithin = TimeSpan.FromSeconds(1);

    private readonly IEventLogApi api;
    private readonly string source;
    private readonly TimeSpan lastWithin;
    private readonly Channel<EventLogEntry> waiting = Channel.CreateBounded<EventLogEntry>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Thread thread;
    private long lost;
    private long told;
    private nint log;

    /// <param name="lastWithin">Null: <see cref="LastWithin"/>.</param>
    public EventLogWriter(IEventLogApi api, string source, TimeSpan? lastWithin = null)
    {
        (this.api, this.source, this.lastWithin) = (api, source, lastWithin ?? LastWithin);
        thread = new Thread(WriteAll) { Name = "event log", IsBackground = true };
        thread.Start();
    }

    /// <summary>How many were not written, since the beginning.</summary>
    public long Lost => Interlocked.Read(ref lost);

    public void Write(EventLogEntry entry)
    {
        if (!waiting.Writer.TryWrite(entry)) Interlocked.Increment(ref lost);
    }

    /// <summary>What waits is written, as far as that is possible in time; then the process may end.</summary>
    public void Dispose()
    {
        waiting.Writer.TryComplete();
        thread.Join(lastWithin);
    }

    private void WriteAll()
    {
        try
        {
            WriteWhatComes();
        }
        catch (Exception)
        {
            // Whatever it was: services are kept, and events are in the journal. What is handed over from here on is counted as lost.
            waiting.Writer.TryComplete();
        }
    }

    private void WriteWhatComes()
    {
        var reader = waiting.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out var entry))
            {
                if (!Report(entry)) Interlocked.Increment(ref lost);
                TellOfLost();
            }
        }

        if (log != 0) api.Close(log);
    }

    private void TellOfLost()
    {
        var now = Lost;
        if (now > told && Report(EventLogEntries.Lost(now - told))) told = now;
    }

    private bool Report(EventLogEntry entry)
    {
        // The service behind it may have been away when this process began, or away since.
        if (log == 0 && api.Open(source, out log) != 0)
        {
            log = 0;
            return false;
        }

        if (Call(entry) == 0) return true;
        api.Close(log);
        log = 0;
        return false;
    }

    private uint Call(EventLogEntry entry)
    {
        var count = entry.Strings.Count;
        var letters = string.Concat(entry.Strings.Select(text => text + '\0'));
        fixed (char* first = letters)
        {
            var strings = stackalloc char*[count];
            var next = first;
            for (var i = 0; i < count; i++)
            {
                strings[i] = next;
                next += entry.Strings[i].Length + 1;
            }

            return api.Report(log, (ushort)entry.Type, (uint)entry.Id, (ushort)count, strings);
        }
    }
}
