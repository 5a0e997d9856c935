using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>
/// Records that wait for the disk. Of those who come at once one writes for all of them, with one sync, and then for those who have come meanwhile. Each of the others sleeps until its own record is
/// written, or it is its turn to write: nobody is woken for anything else.
/// </summary>
/// <param name="write">Writes all that it is given, or none. One call at a time.</param>
internal sealed class WaitingRecords(Func<IReadOnlyList<AuditRecord>, Outcome<IReadOnlyList<AuditEntry>>> write)
{
    /// <summary>So many at most, that the first of them does not wait for long.</summary>
    private const int MostTogether = 256;

    /// <summary>For others one writes so often at most: its own caller waits for it. To hand over costs the disk a wait until the next one is awake.</summary>
    private const int MostInARow = 8;

    private readonly Lock turn = new();
    private readonly Queue<Waiting> queue = new();
    private bool isWriting;

    /// <summary>Returns when the record is written, or is not.</summary>
    public Outcome<AuditEntry> Write(AuditRecord record)
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
        if (isMyTurn || mine.Sleep()) WriteInTurn(mine);
        return mine.Answer();
    }

    private void WriteInTurn(Waiting mine)
    {
        for (var row = 1; ; row++)
        {
            var together = Next();
            Write(together);
            Waiting? after;
            lock (turn) isWriting = queue.TryPeek(out after);
            // The disk has nothing to do until the next one writes.
            var isOver = after is null || row == MostInARow;
            if (isOver) after?.TakeTurn();
            if (together[0] == mine) mine.WakeOthers();
            else together[0].Wake();
            if (isOver) return;
        }
    }

    private Waiting[] Next()
    {
        Waiting[] together;
        lock (turn)
        {
            together = new Waiting[Math.Min(queue.Count, MostTogether)];
            for (var i = 0; i < together.Length; i++) together[i] = queue.Dequeue();
        }

        for (var i = 0; i < together.Length; i++) together[i].Join(together, i);
        return together;
    }

    private void Write(Waiting[] together)
    {
        try
        {
            var written = write(Array.ConvertAll(together, one => one.Record));
            for (var i = 0; i < together.Length; i++)
                together[i].Is(written.TryGet(out var entries) ? Outcome.Of(entries[i]) : Outcome.Failed<AuditEntry>(written.Problems), null);
        }
        catch (Exception failure)
        {
            // It is each one's, as if it had written alone.
            foreach (var one in together) one.Is(null, failure);
        }
    }

    private sealed class Waiting(AuditRecord record)
    {
        private readonly object word = new();
        private Waiting[] together = [];
        private int place;
        private Outcome<AuditEntry>? answer;
        private Exception? failure;
        private bool isWoken, isItsTurn;

        public AuditRecord Record => record;

        /// <summary>It is written with these.</summary>
        public void Join(Waiting[] with, int at) => (together, place) = (with, at);

        /// <summary>What became of it.</summary>
        public void Is(Outcome<AuditEntry>? with, Exception? because) => (answer, failure) = (with, because);

        /// <returns>Whether it is its turn to write; else it was written.</returns>
        public bool Sleep()
        {
            lock (word)
            {
                while (!isWoken) Monitor.Wait(word);
                if (isItsTurn) return true;
            }

            WakeOthers();
            return false;
        }

        /// <summary>Two each, who do the same: the one that writes is not kept by it.</summary>
        public void WakeOthers()
        {
            for (var other = (2 * place) + 1; other <= (2 * place) + 2 && other < together.Length; other++) together[other].Wake();
        }

        public void Wake()
        {
            lock (word)
            {
                isWoken = true;
                Monitor.Pulse(word);
            }
        }

        /// <summary>It is woken to write.</summary>
        public void TakeTurn()
        {
            lock (word)
            {
                (isWoken, isItsTurn) = (true, true);
                Monitor.Pulse(word);
            }
        }

        public Outcome<AuditEntry> Answer() => failure is null ? answer! : throw failure;
    }
}
