namespace Holdfast.Testing.Simulation;

/// <summary>What receives the effects of a service, and checks the epoch that they carry (law 4c): a database, a queue, a gateway.</summary>
internal sealed class SinkModel(Action<string> violation)
{
    private readonly Dictionary<long, string> actors = [];
    private long highest;

    public long Accepted { get; private set; }

    public long Refused { get; private set; }

    public void Receive(string node, long epoch)
    {
        if (epoch < highest)
        {
            Refused++;
            return;
        }

        if (actors.TryGetValue(epoch, out var other) && other != node) violation($"{other} and {node} both acted in epoch {epoch}");
        actors[epoch] = node;
        highest = epoch;
        Accepted++;
    }
}
