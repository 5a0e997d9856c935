namespace Holdfast.Rpc.Server;

/// <summary>The streaming calls under way: those that can outlive what was true when they began.</summary>
internal sealed class OpenStreams
{
    private readonly Lock mutex = new();
    private readonly HashSet<ServerCall> calls = [];

    public IReadOnlyList<ServerCall> Now
    {
        get
        {
            lock (mutex) return [.. calls];
        }
    }

    public void Add(ServerCall call)
    {
        lock (mutex) calls.Add(call);
    }

    public void Remove(ServerCall call)
    {
        lock (mutex) calls.Remove(call);
    }
}
