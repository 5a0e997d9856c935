namespace Holdfast.Testing.Simulation;

/// <summary>A world in which time is a number: what is due next happens next, and everything that is left to chance comes from one seed.</summary>
internal sealed class World(int seed)
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> due = new(new Sooner());
    private long order;

    public Random Chance { get; } = new(seed);

    public TimeSpan Now { get; private set; }

    /// <summary>Done after each thing that happens.</summary>
    public Action AfterEach { get; set; } = () => { };

    /// <summary>How many things have happened.</summary>
    public long Events { get; private set; }

    public void After(TimeSpan delay, Action happens) => due.Enqueue(happens, (Now + delay, order++));

    public bool OneIn(int times) => Chance.Next(times) == 0;

    /// <summary>From the first to the second, evenly.</summary>
    public TimeSpan Between(double milliseconds, double most) => TimeSpan.FromMilliseconds(milliseconds + (Chance.NextDouble() * (most - milliseconds)));

    public void RunUntil(TimeSpan end)
    {
        while (due.TryPeek(out _, out var next) && next.At <= end)
        {
            var happens = due.Dequeue();
            Now = next.At;
            Events++;
            happens();
            AfterEach();
        }

        Now = end;
    }

    /// <summary>What is due at the same time happens in the order in which it was arranged.</summary>
    private sealed class Sooner : IComparer<(TimeSpan At, long Order)>
    {
        public int Compare((TimeSpan At, long Order) x, (TimeSpan At, long Order) y) =>
            x.At.Ticks != y.At.Ticks ? x.At.Ticks.CompareTo(y.At.Ticks) : x.Order.CompareTo(y.Order);
    }
}
