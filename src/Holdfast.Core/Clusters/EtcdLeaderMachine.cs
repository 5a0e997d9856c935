using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Clusters;

/// <summary>
/// Keeps etcd's leader off a node that leads services. A node that is lost together with etcd's leader is missed longer: the other members elect another one first, and that
/// one gives every lease its whole time again. Decided on the node that etcd's leader is on; each move goes to where at most half as many services are led, so it cannot go
/// round between nodes that all lead.
/// </summary>
public static class EtcdLeaderMachine
{
    /// <summary>A place that is better for a moment only, as in a switchover, is not moved to.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    /// <summary>While etcd's leader moves, changes wait: it is not asked more often, whether it moved or not.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    /// <summary>So many entries of its log may a member be behind etcd's leader; the rest comes in the move itself.</summary>
    public const ulong Near = 1_000;

    /// <param name="now">On a clock that never jumps, as those of the state.</param>
    public static EtcdLeaderStep Step(EtcdLeaderState state, EtcdLeaderWorld world, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var place = Place(world);
        if (place.MoveTo is not { } better) return new(state with { Since = null }, null, place.Reason);
        var since = state.Since ?? now;
        var waiting = state with { Since = since };
        if (now - since < Settled) return new(waiting, null, $"{place.Reason}; not for {DurationText.Format(Settled)} yet");
        if (state.Tried is { } tried && now - tried < Between) return new(waiting, null, $"{place.Reason}; it was asked to move less than {DurationText.Format(Between)} ago");
        return new(new(null, now), better, place.Reason);
    }

    /// <summary>Where etcd's leader would be better, at this moment.</summary>
    public static EtcdLeaderPlace Place(EtcdLeaderWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        var leader = world.Members.FirstOrDefault(member => member.Id == world.Leader);
        if (leader is null) return new(null, "it is not known which member is etcd's leader");
        var own = world.LedBeside(leader);
        if (own == 0) return new(null, $"etcd's leader is {Where(leader)}, where no service is led");
        var said = $"etcd's leader is {Where(leader)}, where {Services(own)} led";
        if (world.IsPaused) return new(null, $"{said}, and stays, as the cluster is paused");
        var voters = world.Members.Where(member => !member.IsLearner).ToList();
        var others = voters.Where(member => member.Id != leader.Id && member.IsHealthy).ToList();
        if (others.Count < (voters.Count / 2) + 1) return new(null, $"{said}, and stays: without that machine the etcd has no majority, wherever its leader is");
        // A witness before a node that would lead after the next failover.
        var best = others.Where(member => world.LedBeside(member) * 2 <= own && member.Applied + Near >= leader.Applied)
            .OrderBy(world.LedBeside).ThenBy(member => member.Node is null ? 0 : 1).ThenBy(member => member.Name, StringComparer.Ordinal).FirstOrDefault();
        return best is null
            ? new(null, $"{said}, and stays: no other voting member that could take it over is where at most half as many are")
            : new(best, $"{said}, and {Where(best)} {(world.LedBeside(best) is var there and > 0 ? $"only {there}" : "none")}");
    }

    private static string Where(EtcdMemberFacts member) => member.Node is { } node ? $"on {node}" : $"the member {member.Name}";

    private static string Services(int count) => count == 1 ? "1 service is" : $"{count} services are";
}
