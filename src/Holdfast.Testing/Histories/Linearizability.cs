namespace Holdfast.Testing.Histories;

/// <summary>
/// Whether what concurrent clients saw can be explained by one copy that did their calls one by one, each at some moment between its beginning and its end.
/// Wing and Gong's search with Lowe's memory of what was tried ("Testing for linearizability", 2017), as Porcupine does it.
/// </summary>
public static class Linearizability
{
    /// <summary>An order of the calls that explains them all, or the longest that explains a part.</summary>
    /// <typeparam name="TState">Compared by content.</typeparam>
    /// <param name="step">What the one copy becomes by a call; null: it would not have given that answer.</param>
    public static Explanation<TCall> Check<TState, TCall>(TState start, IReadOnlyList<Observed<TCall>> calls, Func<TState, TCall, TState?> step)
        where TState : class, IEquatable<TState>
    {
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(step);
        var head = Moments(calls);
        var done = new Taken(calls.Count);
        var tried = new HashSet<(Taken, TState)>();
        var path = new Stack<(Moment Begin, TState Before)>();
        List<int> longest = [];
        var state = start;
        for (var at = head.Next; head.Next is not null;)
        {
            if (at!.End is { } end)
            {
                var next = step(state, calls[at.Call].Call);
                if (next is not null && tried.Add((done.With(at.Call), next)))
                {
                    path.Push((at, state));
                    state = next;
                    done = done.With(at.Call);
                    at.Lift();
                    end.Lift();
                    at = head.Next;
                }
                else
                {
                    at = at.Next;
                }

                continue;
            }

            // A call has ended that could not be put anywhere: one before it was put at the wrong place.
            if (path.Count > longest.Count) longest = [.. path.Reverse().Select(p => p.Begin.Call)];
            if (path.Count == 0) return new(false, [.. longest.Select(i => calls[i])]);
            (var begin, state) = path.Pop();
            done = done.Without(begin.Call);
            begin.End!.Return();
            begin.Return();
            at = begin.Next;
        }

        return new(true, [.. path.Reverse().Select(p => calls[p.Begin.Call])]);
    }

    /// <summary>Beginnings and ends in the order of time. A call whose end nobody saw ends after all others.</summary>
    private static Moment Moments<TCall>(IReadOnlyList<Observed<TCall>> calls)
    {
        var moments = new List<(long When, int IsEnd, Moment Moment)>();
        for (var i = 0; i < calls.Count; i++)
        {
            var end = new Moment(i, null);
            moments.Add((calls[i].Begin, 0, new Moment(i, end)));
            moments.Add((calls[i].End, 1, end));
        }

        // At the same tick a beginning comes before an end: they may have overlapped.
        moments.Sort((a, b) => (a.When, a.IsEnd).CompareTo((b.When, b.IsEnd)));
        var head = new Moment(-1, null);
        var last = head;
        foreach (var (_, _, moment) in moments)
        {
            last.Next = moment;
            moment.Previous = last;
            last = moment;
        }

        return head;
    }

    private sealed class Moment(int call, Moment? end)
    {
        public int Call { get; } = call;

        /// <summary>Null: this is an end.</summary>
        public Moment? End { get; } = end;

        public Moment? Next { get; set; }

        public Moment? Previous { get; set; }

        public void Lift()
        {
            Previous!.Next = Next;
            if (Next is { } next) next.Previous = Previous;
        }

        /// <summary>Back to where it was. In the reverse order of the lifting.</summary>
        public void Return()
        {
            Previous!.Next = this;
            if (Next is { } next) next.Previous = this;
        }
    }

    /// <summary>Which calls have been put in order.</summary>
    private sealed class Taken : IEquatable<Taken>
    {
        private readonly ulong[] bits;

        public Taken(int calls) => bits = new ulong[(calls + 63) / 64];

        private Taken(ulong[] bits) => this.bits = bits;

        public Taken With(int call) => Changed(call, on: true);

        public Taken Without(int call) => Changed(call, on: false);

        public bool Equals(Taken? other) => other is not null && bits.AsSpan().SequenceEqual(other.bits);

        public override bool Equals(object? obj) => Equals(obj as Taken);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var word in bits) hash.Add(word);
            return hash.ToHashCode();
        }

        private Taken Changed(int call, bool on)
        {
            var changed = (ulong[])bits.Clone();
            var bit = 1UL << (call % 64);
            changed[call / 64] = on ? changed[call / 64] | bit : changed[call / 64] & ~bit;
            return new(changed);
        }
    }
}

/// <summary>A call as its client saw it. Times are of one clock for all clients.</summary>
/// <param name="End">When its answer was there; <see cref="Never"/>: it may have been done at any later time.</param>
/// <param name="Call">With its answer, as far as it is known.</param>
public sealed record Observed<TCall>(long Begin, long End, TCall Call)
{
    public const long Never = long.MaxValue;
}

/// <summary>What the search found.</summary>
/// <param name="Order">All calls in an order that explains them; where there is none, as many as could be explained.</param>
public sealed record Explanation<TCall>(bool Holds, IReadOnlyList<Observed<TCall>> Order);
