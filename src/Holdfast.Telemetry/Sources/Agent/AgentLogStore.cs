using System.Buffers;
using Holdfast.Core.Problems;
using Holdfast.Core.Redaction;
using Holdfast.Core.Shipping;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Sources.Agent;

/// <summary>
/// Puts what the agent says of itself into the segments of its stream, redacted as all output is, by a thread of its own. Who says something never waits and never fails for it: what there is
/// no room for, in memory or on the disk, is counted and told as lost.
/// </summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class AgentLogStore : IDisposable
{
    /// <summary>So much waits for the disk.</summary>
    private const int MostLines = 4096, MostCharacters = 2 << 20;

    /// <summary>Of a block, in bytes, unless a single line has more.</summary>
    private const int Enough = 64 << 10;

    private static readonly TimeSpan MaintainEvery = TimeSpan.FromHours(1), Patience = TimeSpan.FromSeconds(5);

    private readonly string folder;
    private readonly Redactor redactor;
    private readonly SegmentPolicy policy;
    private readonly TimeProvider time;
    private readonly Thread thread;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim word = new(0);
    private readonly EventBuffer lines = new();
    private readonly ArrayBufferWriter<byte> redacted = new();
    private Queue<AgentLine> waiting = new();
    private int characters;
    private long missed;
    private bool ending;
    private SegmentWriter? writer;
    private long lost, maintained;
    private int count;

    /// <param name="folder">Of the segments; it is there.</param>
    /// <param name="rules">What must not reach the disk.</param>
    /// <param name="policy">Of the segments.</param>
    /// <param name="time">For the segments.</param>
    public AgentLogStore(string folder, RedactionRules rules, SegmentPolicy policy, TimeProvider time)
    {
        (this.folder, this.policy, this.time) = (folder, policy, time);
        redactor = new(rules, new(null));
        thread = new Thread(WriteAll) { Name = "agent log", IsBackground = true };
        thread.Start();
    }

    /// <summary>Why lines are not kept; null: they are. From any thread.</summary>
    public Problem? Trouble { get; private set; }

    /// <summary>Returns at once, and throws nothing.</summary>
    public void Add(AgentLine line)
    {
        lock (gate)
        {
            if (ending || waiting.Count >= MostLines || characters + line.Size > MostCharacters)
            {
                missed++;
                return;
            }

            waiting.Enqueue(line);
            characters += line.Size;
            // Whoever writes is told already.
            if (waiting.Count > 1) return;
        }

        word.Release();
    }

    /// <summary>A line was said that could not be made.</summary>
    public void Miss()
    {
        lock (gate) missed++;
    }

    /// <summary>What was said by now is written, unless the disk keeps it waiting.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (ending) return;
            ending = true;
        }

        word.Release();
        // The thread is of the background: where the disk stands still, the agent's end does not.
        if (thread.Join(Patience)) word.Dispose();
    }

    private void WriteAll()
    {
        var isLast = false;
        while (!isLast)
        {
            word.Wait(writer?.SyncDueAfter ?? Timeout.InfiniteTimeSpan);
            lock (gate) isLast = ending;
            try
            {
                Write(Take(out var more), more);
                if (writer?.SyncDueAfter == TimeSpan.Zero && writer.Sync() is { } unsynced) Trouble = unsynced;
            }
            catch (Exception e)
            {
                // Not even a bug in here may end the agent.
                Fail(new(ProblemKind.Failed, "agent-log.not-kept", $"What the agent says of itself is not kept: {e.Message}"));
            }
        }

        writer?.Dispose();
    }

    private Queue<AgentLine> Take(out long notTaken)
    {
        lock (gate)
        {
            var taken = waiting;
            (notTaken, missed, waiting, characters) = (missed, 0, new(), 0);
            return taken;
        }
    }

    /// <param name="more">So many came behind them that there was no room for.</param>
    private void Write(Queue<AgentLine> taken, long more)
    {
        if (taken.Count == 0 && more == 0) return;
        try
        {
            if (Open()) WriteLines(taken);
        }
        finally
        {
            // Those that were not written, and those that came behind them.
            lost += taken.Count + more;
        }

        if (lost > 0 && writer is not null) TellLoss();
        Maintain();
    }

    private bool Open()
    {
        if (writer is not null) return true;
        var opened = SegmentWriter.Open(folder, policy, time);
        if (opened.TryGet(out writer)) return true;
        Trouble = opened.Problems[0];
        return false;
    }

    private void WriteLines(Queue<AgentLine> taken)
    {
        while (taken.TryDequeue(out var line))
        {
            line.Write(lines);
            count++;
            if (lines.Length >= Enough || taken.Count == 0) Append();
        }
    }

    /// <summary>In their order: what was lost before is told before.</summary>
    private void Append()
    {
        if (lost > 0) TellLoss();
        var text = lines.Written.Span;
        redacted.ResetWrittenCount();
        if (redactor.TryRedact(text, redacted)) text = redacted.WrittenSpan;
        var trouble = lost > 0 ? Trouble : writer!.Append(StreamKind.Agent, BlockFlags.None, time.GetUtcNow(), text, count);
        if (trouble is null) Trouble = null;
        else Fail(trouble);
        Forget();
    }

    private void TellLoss()
    {
        var loss = new Loss(StreamKind.Agent, lost, 0, "they came faster than they could be written, or the disk could not be written");
        Trouble = writer!.AppendLoss(loss, time.GetUtcNow());
        if (Trouble is null) lost = 0;
    }

    private void Fail(Problem trouble)
    {
        Trouble = trouble;
        lost += count;
        Forget();
    }

    private void Forget()
    {
        lines.Clear();
        count = 0;
    }

    private void Maintain()
    {
        if (writer is null || time.GetElapsedTime(maintained) < MaintainEvery) return;
        maintained = time.GetTimestamp();
        writer.Maintain();
    }
}
