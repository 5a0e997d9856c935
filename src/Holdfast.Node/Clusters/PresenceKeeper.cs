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

    public void LeaseIs(long? lease) => leases.Writer.TryWrite(lease);

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
        var before = read.Items.Count > 0 && StateReader.Read(read.Items[0], StateJson.Default.DocumentPresence).TryGet(out var presence) ? presence.Value.Lease : 0;
        if (before != lease) puts.Add(new Operation.Put(key, StateJson.Write(new Presence(node, lease, time.GetUtcNow()), StateJson.Default.DocumentPresence), lease));
        return await store.CommitAsync(new() { Then = puts }, cancel) is CommitResult.Decided;
    }
}
