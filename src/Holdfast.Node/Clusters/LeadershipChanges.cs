using System.Security.Cryptography;
using Holdfast.Core.Leadership;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Changes of leadership as transactions of the store: each rests on what was seen, so that of several nodes one alone succeeds. With each epoch goes a document that
/// is never changed and names the one before it: together they are the proof of who led when.
/// </summary>
/// <param name="Node">Whose change it is.</param>
/// <param name="Service">Which service's.</param>
/// <param name="Before">The last epoch, as it was seen; null: there was none.</param>
/// <param name="End">How the epoch ended that this node led in; null: it led in none, or it has not ended.</param>
/// <param name="Why">For the record.</param>
/// <param name="Now">For the record.</param>
internal sealed record LeadershipChanges(string Node, string Service, EpochDocument? Before, EpochEnd? End, string Why, DateTimeOffset Now)
{
    /// <param name="change">What is to be done.</param>
    /// <param name="move">The switchover that it carries out is over with it.</param>
    public Transaction Of(LeadershipEffect change, bool move) => change switch
    {
        LeadershipEffect.Take take => new()
        {
            If = [Compare.Absent(StateKeys.Leader(Service)), Compare.Unchanged(StateKeys.Epoch(Service), take.IfLast)],
            Then = Lead(new(Node, take.Epoch, take.Lease), take.Last, Before?.End),
        },
        LeadershipEffect.HandOver over => new()
        {
            If = [Compare.Unchanged(StateKeys.Leader(Service), over.IfLeader)],
            Then = [.. Lead(over.To, over.Last, End), .. move ? [new Operation.Delete(StateKeys.Move(Service))] : Array.Empty<Operation>()],
        },
        LeadershipEffect.Release release => new()
        {
            If = [Compare.Unchanged(StateKeys.Leader(Service), release.IfLeader)],
            Then = [new Operation.Delete(StateKeys.Leader(Service)), GiveBack(release.Last)],
        },
        _ => throw new InvalidOperationException($"{change} changes nothing in the store."),
    };

    /// <summary>What the holding of an epoch changes.</summary>
    /// <param name="last">The last epoch as it was seen.</param>
    /// <returns>Null: it rests on what is not there.</returns>
    public static Transaction? Of(HoldEffect change, string service, EpochDocument? last) => change switch
    {
        HoldEffect.Name name when last?.Epoch == name.Last.Epoch => new()
        {
            If = [Compare.Unchanged(StateKeys.Epoch(service), name.IfLast)],
            Then = [new Operation.Put(StateKeys.Epoch(service), StateJson.Write(last with { Peers = name.Last.Peers }, StateJson.Default.DocumentEpochDocument))],
        },
        HoldEffect.Attach { Leader: var leader } attach => new()
        {
            If = [Compare.Unchanged(StateKeys.Leader(service), attach.IfLeader), Compare.Unchanged(StateKeys.Epoch(service), attach.IfLast)],
            Then = [new Operation.Put(StateKeys.Leader(service), StateJson.Write(new LeaderDocument(service, leader.Node, leader.Epoch, leader.Lease), StateJson.Default.DocumentLeaderDocument), leader.Lease)],
        },
        _ => null,
    };

    /// <summary>The hash by which the next document names this one.</summary>
    public static string HashOf(ReadOnlySpan<byte> act) => Convert.ToHexStringLower(SHA256.HashData(act));

    private IReadOnlyList<Operation> Lead(Leader leader, LastEpoch last, EpochEnd? before)
    {
        var act = StateJson.Write(new EpochAct(Service, leader.Epoch, leader.Node, leader.Lease, Node, Now, Why, before, Before?.Hash ?? ""), StateJson.Default.DocumentEpochAct);
        return
        [
            new Operation.Put(StateKeys.Leader(Service), StateJson.Write(new LeaderDocument(Service, leader.Node, leader.Epoch, leader.Lease), StateJson.Default.DocumentLeaderDocument), leader.Lease),
            new Operation.Put(StateKeys.Epoch(Service), StateJson.Write(new EpochDocument(Service, last.Epoch, last.Node, last.Failovers, Now, Why) { Hash = HashOf(act.Span), Peers = last.Peers }, StateJson.Default.DocumentEpochDocument)),
            new Operation.Put(StateKeys.Act(Service, leader.Epoch), act),
        ];
    }

    /// <summary>Where nobody knows how it ended here, it is said that it did, when this was written.</summary>
    private Operation.Put GiveBack(LastEpoch last)
    {
        var end = End is { } known && known.Epoch == last.Epoch ? known : new EpochEnd(last.Epoch, Node, null, Now, Why);
        var given = (Before ?? new EpochDocument(Service, last.Epoch, last.Node, last.Failovers, Now, Why) { Peers = last.Peers }) with { End = end };
        return new(StateKeys.Epoch(Service), StateJson.Write(given, StateJson.Default.DocumentEpochDocument));
    }
}
