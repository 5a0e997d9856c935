using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Leadership;

/// <summary>
/// Whether a node is to be powered off without anybody asking for it, as one pure function. It fences to spare the end of a lease, never to be safe: in doubt it waits, and the lease ends by
/// itself. Never more than one at a time, never by who may itself be cut off, never twice in a row, and by one node alone.
/// </summary>
public static class FenceMachine
{
    /// <summary>Of the lease, whatever is configured: three renewals were due then and none has come, which no good node lets happen.</summary>
    public const double LeastShare = 0.6;

    /// <summary>A machine that is fenced and comes back, and is silent again, has a fault that fencing does not mend.</summary>
    public static TimeSpan NotAgainWithin { get; } = TimeSpan.FromMinutes(10);

    public static FenceDecision Decide(FenceQuestion asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var there = asked.Nodes.Where(node => node.Silent is not null).ToList();
        var silent = there.Where(node => node.Node != asked.Self && node.IsSilent(asked.After)).OrderBy(node => node.Node, StringComparer.Ordinal).ToList();
        if (silent.Count == 0) return new FenceDecision.Wait("all that are there renew their leases");
        if (!asked.IsSure) return new FenceDecision.Wait($"{asked.Self}'s own lease is in doubt: it may itself be the one that is cut off");
        if (silent.Count > 1) return new FenceDecision.Wait($"{string.Join(", ", silent.Select(node => node.Node))} are silent at once: that is the network or the store, and no machine's fault");
        var suspect = silent[0];
        if (there.Count * 2 <= asked.Nodes.Count) return new FenceDecision.Wait($"{there.Count} of {asked.Nodes.Count} nodes are there, which is not more than half");
        if ((there.Count - 1) * 2 < asked.Nodes.Count) return new FenceDecision.Wait($"{there.Count - 1} of {asked.Nodes.Count} nodes renew their leases, which is less than half");
        var conductor = there.Where(node => node != suspect).OrderBy(node => node.Since).ThenBy(node => node.Node, StringComparer.Ordinal).First().Node;
        if (conductor != asked.Self) return new FenceDecision.Wait($"it is {conductor}'s to fence {suspect.Node}");
        if (!suspect.Leads) return new FenceDecision.Wait($"{suspect.Node} leads nothing that waits for its lease");
        if (!suspect.HasCommand) return new FenceDecision.Wait($"{asked.Self} has no command that powers {suspect.Node} off");
        if (suspect.FencedAt is { } at && asked.Now - at < NotAgainWithin) return new FenceDecision.Wait($"{suspect.Node} was to be fenced less than {DurationText.Format(NotAgainWithin)} ago");
        return new FenceDecision.Fence(suspect.Node, $"it leads, and has not renewed its lease for {DurationText.Format(suspect.Silent!.Value)}");
    }
}

/// <param name="Self">Who asks.</param>
/// <param name="IsSure">Its own lease is beyond doubt.</param>
/// <param name="After">A silence of so long is one.</param>
/// <param name="Nodes">All nodes of the cluster, this one included.</param>
public sealed record FenceQuestion(string Self, bool IsSure, TimeSpan After, IReadOnlyList<FencePeer> Nodes, DateTimeOffset Now);

/// <param name="Since">When it came: of those that are there, the one that has been so the longest does what one alone should do.</param>
/// <param name="Silent">How long ago at least it has renewed its lease, as the store says; null: it has none.</param>
/// <param name="Leads">Some service waits for the end of its lease; one whose leader may go on without it does not.</param>
/// <param name="HasCommand">The asking node can power it off.</param>
/// <param name="FencedAt">When it was last to be fenced, whatever became of that; null: never.</param>
/// <param name="Length">Of its lease.</param>
public sealed record FencePeer(string Node, DateTimeOffset Since, TimeSpan? Silent, TimeSpan Length, bool Leads, bool HasCommand, DateTimeOffset? FencedAt)
{
    /// <param name="after">As configured.</param>
    public bool IsSilent(TimeSpan after) => Silent >= after && Silent >= Length * FenceMachine.LeastShare;
}

public abstract record FenceDecision(string Why)
{
    public sealed record Fence(string Node, string Why) : FenceDecision(Why);

    public sealed record Wait(string Why) : FenceDecision(Why);
}
