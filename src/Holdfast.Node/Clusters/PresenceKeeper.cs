using System.Threading.Channels;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Clusters;

/// <summary>Says in the store that this node is there, under each lease that it gets.</summary>
/// <param name="record">The node, as others are to see it.</param>
internal sealed class PresenceKeeper(IStore store, string node, Func<NodeRecord> record, TimeProvider time)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    private readonly Channel<long?> leases = Channel.CreateBounded<long?>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Lock gate = new();
    private string leaving = "";
    private long? last;

    public void LeaseIs(long? lease)
    {
        lock (gate)
        {
            last = lease;
            leases.Writer.TryWrite(lease);
        }
    }

    /// <summary>From now on it is said that this node is about to go: others lead, and nobody hands anything over to it.</summary>
    public void Leave(string why) => Say(why);

    /// <summary>It takes part again.</summary>
    public void Stay() => Say("");

    private void Say(string why)
    {
        lock (gate)
        {
            leaving = why;
            leases.Writer.TryWrite(last);
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var wanted = await leases.Reader.ReadAsync(cancel);
            // The lease it would have been said under may be gone: then the next one is here.
            while (wanted is { } lease && !leases.Reader.TryPeek(out _) && !await SayAsync(lease, cancel)) await Task.Delay(Again, time, cancel);
        }
    }

    private async Task<bool> SayAsync(long lease, CancellationToken cancel)
    {
        var key = StateKeys.Presence(node);
        List<Operation> puts = [new Operation.Put(StateKeys.Node(node), StateJson.Write(record(), StateJson.Default.DocumentNodeRecord))];
        // One that the same lease says already, of an agent before this one, stays: how long the node has been there is known by it.
        var there = await store.RangeAsync(new(KeyRange.Single(key)), cancel);
        if (!there.TryGet(out var read)) return false;
        string why;
        lock (gate) why = leaving;
        var before = read.Items.Count > 0 && StateReader.Read(read.Items[0], StateJson.Default.DocumentPresence).TryGet(out var presence) && presence.Value.Lease == lease ? presence.Value : null;
        var said = new Presence(node, lease, before?.Since ?? time.GetUtcNow()) { Leaving = why };
        if (before != said) puts.Add(new Operation.Put(key, StateJson.Write(said, StateJson.Default.DocumentPresence), lease));
        return await store.CommitAsync(new() { Then = puts }, cancel) is CommitResult.Decided;
    }
}
