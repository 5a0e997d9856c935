using Holdfast.Core.Leadership;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>What a switchover would do, by asking the very decisions that would do it.</summary>
internal static class SwitchoverPreview
{
    public static IEnumerable<string> Of(string service, LeadershipView view, Candidate to)
    {
        var leader = view.Leader!;
        var clock = BootClock.SinceBoot;
        var state = LeadershipState.Resume(leader.Node, leader.Epoch, leader.Lease);
        var asked = LeadershipMachine.Step(state, new LeadershipInput.Saw(view with { SwitchTo = to.Node }), clock, DateTimeOffset.UnixEpoch);
        foreach (var line in Lines(service, leader, asked)) yield return line;
        var ended = LeadershipMachine.Step(asked.State, new LeadershipInput.Ended(leader.Epoch, "nothing of it runs any more"), clock, DateTimeOffset.UnixEpoch);
        foreach (var line in Lines(service, leader, ended)) yield return line;
    }

    private static IEnumerable<string> Lines(string service, Leader leader, LeadershipStep step) => step.Effects.Select(effect => effect switch
    {
        LeadershipEffect.Stop stop => $"{leader.Node} stops {service} of epoch {stop.Epoch}{(stop.AtOnce ? " at once" : " by its own rules")}: {stop.Why}",
        LeadershipEffect.HandOver over => $"key, lease and epoch go to {over.To.Node} in one transaction; it starts {service} in epoch {over.To.Epoch}: {step.Reason}",
        LeadershipEffect.Release => $"nobody leads {service}: {step.Reason}",
        _ => $"{effect}",
    });
}
