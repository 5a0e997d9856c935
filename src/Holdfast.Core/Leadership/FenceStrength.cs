namespace Holdfast.Core.Leadership;

/// <summary>What keeps a former leader from acting on this product's part; the weaker before the stronger. A command that switches the machine off spares the wait for its lease and is waited for by nobody, so it makes no fence stronger. That receivers refuse an old epoch is stronger than all, and is not claimed: nothing here knows whether they look at it.</summary>
public enum FenceStrength
{
    /// <summary>The supervisor kills at the deadline.</summary>
    KillOnly,

    /// <summary>And where it does not, or stands still, the kernel resets the machine.</summary>
    Watchdog,
}

/// <summary>What is there to fence with on a node, for one service.</summary>
/// <param name="Watchdog">The device that is to reset the machine; null: none.</param>
/// <param name="WatchdogIsReady">It could be armed, set to what the lease wants, when it was tried last.</param>
/// <param name="WhyNot">Why it cannot; empty: it can, or was not tried yet.</param>
/// <param name="OwnSupervisor">The service has a supervisor of its own, which has no watchdog: one device has one owner.</param>
public sealed record FenceFacts(string Node, string? Watchdog, bool WatchdogIsReady, string WhyNot, bool OwnSupervisor);

/// <summary>How strong the fence is, and why: never more than is there.</summary>
public sealed record Fence(string Node, FenceStrength Strength, string Why)
{
    private const string Paused = "a machine that its host pauses with its clocks is covered only where receivers check the epoch";

    /// <summary>Whether the node may lead at all: one whose watchdog cannot be had does not.</summary>
    public required bool MayLead { get; init; }

    /// <summary>In one word.</summary>
    public string Word => Strength == FenceStrength.Watchdog ? "watchdog" : "kill-only";

    public static Fence Of(FenceFacts facts)
    {
        var mayLead = facts.WhyNot.Length == 0;
        Fence Is(FenceStrength strength, string why) => new(facts.Node, strength, why) { MayLead = mayLead };
        return facts switch
        {
            { Watchdog: null } => Is(FenceStrength.KillOnly, $"the supervisor kills at the deadline, and nothing does where the supervisor stands still; {Paused}"),
            { WhyNot.Length: > 0 } => Is(FenceStrength.KillOnly, $"its watchdog {facts.Watchdog} cannot be had, and it leads nothing: {facts.WhyNot}"),
            { OwnSupervisor: true } => Is(FenceStrength.KillOnly, $"the service has a supervisor of its own, and {facts.Watchdog} is the shared supervisor's; {Paused}"),
            { WatchdogIsReady: false } => Is(FenceStrength.KillOnly, $"its watchdog {facts.Watchdog} was not tried yet; {Paused}"),
            _ => Is(FenceStrength.Watchdog, $"where the supervisor stands still or a kill does not end, {facts.Watchdog} resets the machine by 85 % of the lease; {Paused}"),
        };
    }

    /// <summary>What a service has: the weakest of the nodes that may lead it; null: none may.</summary>
    public static Fence? OfService(IEnumerable<Fence> nodes) => nodes.Where(node => node.MayLead).OrderBy(node => node.Strength).ThenBy(node => node.Node, StringComparer.Ordinal).FirstOrDefault();
}
