using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>
/// Records that wait for the disk. Of those who come at once one writes for all of them, with one sync, while those who come meanwhile wait for the next of them to do the same. Each sleeps
/// until its own record is written, or it is its turn to write: nobody is woken for anything else.
/// </summary>
internal sealed class WaitingRecords
{
    /// <summary>So many at most, that the first of them does not wait for long.</summary>
    private const int MostTogether = 256;

    private readonly Lock turn = new();
    private readonly Queue<Waiting> queue = new();
    private bool isWriting;

    /// <summary>Returns when the record is written, or is not.</summary>
    /// <param name="record">To write.</param>
    /// <param name="write">Writes all that it is given, or none. One call at a time.</param>
    public Outcome<AuditEntry> Write(AuditRecord record, Func<IReadOnlyList<AuditRecord>, Outcome<IReadOnlyList<AuditEntry>>> write)
    {
        var mine = new Waiting(record);
        bool isMyTurn;
        lock (turn)
        {
            queue.Enqueue(mine);
            isMyTurn = !isWriting;
            isWriting = true;
        }

        // Whose turn it is stands first.
        if (isMyTurn || mine.Sleep()) WriteFirst(write);
        return mine.Answer();
    }

    private void WriteFirst(Func<IReadOnlyList<AuditRecord>, Outcome<IReadOnlyList<AuditEntry>>> write)
    {
        List<Waiting> together = [];
        lock (turn)
        {
            while (together.Count < MostTogether && queue.TryDequeue(out var next)) together.Add(next);
        }

        Func<int, Outcome<AuditEntry>> answer;
        try
        {
            var written = write([.. together.Select(one => one.Record)]);
            answer = index => written.Then(entries => Outcome.Of(entries[index]));
        }
        catch (Exception failure)
        {
            // It is each one's, as if it had written alone.
            answer = _ => throw failure;
        }

        Waiting? after;
        lock (turn) isWriting = queue.TryPeek(out after);
        // The disk has nothing to do until the next one writes.
        after?.Wake(null);
        foreach (var (index, one) in together.Index()) one.Wake(() => answer(index));
    }

    private sealed class Waiting(AuditRecord record)
    {
        private readonly object word = new();
        private Func<Outcome<AuditEntry>>? answer;
        private bool isWoken;

        public AuditRecord Record => record;

        /// <returns>Whether it is its turn to write; else it was written.</returns>
        public bool Sleep()
        {
            lock (word)
            {
                while (!isWoken) Monitor.Wait(word);
                return answer is null;
            }
        }

        /// <param name="with">What became of it; null: it is its turn.</param>
        public void Wake(Func<Outcome<AuditEntry>>? with)
        {
            lock (word)
            {
                (answer, isWoken) = (with, true);
                Monitor.Pulse(word);
            }
        }

        public Outcome<AuditEntry> Answer()
        {
            lock (word) return answer!();
        }
    }
}
