namespace Holdfast.Core.Firewall;

/// <summary>What Windows' firewall has. On which networks the machine is does not matter here: that can change.</summary>
/// <param name="Rules">The machine's and the group policies'.</param>
public sealed record FirewallState(IReadOnlyList<FirewallProfile> Profiles, IReadOnlyList<FirewallRule> Rules)
{
    /// <summary>A rule that blocks beats every one that allows. One with conditions blocks, or lets in, only some.</summary>
    /// <param name="executable">The absolute path of the program that listens.</param>
    public FirewallAnswer Ask(int port, string executable)
    {
        var concerned = Rules.Where(rule => rule.Concerns(port, executable)).ToList();
        var guarded = Profiles.Where(profile => profile.IsOn).ToList();
        if (guarded.Count == 0) return new FirewallAnswer.Off();

        var blocked = guarded.FindAll(profile => concerned.Exists(rule => Blocks(rule, profile)));
        if (blocked.Count == guarded.Count) return new FirewallAnswer.Blocked(concerned.Find(rule => Blocks(rule, blocked[0]))!);
        var free = guarded.Except(blocked).ToList();
        if (blocked.Count == 0 && free.TrueForAll(profile => profile.LetsIn)) return new FirewallAnswer.Off();

        var open = free.FindAll(profile => profile.LetsIn || concerned.Exists(rule => rule.Allows && rule.Conditions.Count == 0 && rule.IsFor(profile)));
        var letting = concerned.Where(rule => rule.Allows && free.Exists(rule.IsFor)).OrderBy(rule => rule.Conditions.Count).ThenBy(rule => rule.Profiles.Count).FirstOrDefault();
        if (letting is null) return blocked.Count > 0 ? new FirewallAnswer.Blocked(concerned.Find(rule => Blocks(rule, blocked[0]))!) : new FirewallAnswer.Closed();
        return open.Count == guarded.Count
            ? new FirewallAnswer.Open(letting)
            : new FirewallAnswer.Partly(letting, [.. (open.Count > 0 ? open : free.FindAll(letting.IsFor)).Select(profile => profile.Name)]);
    }

    private static bool Blocks(FirewallRule rule, FirewallProfile profile) => !rule.Allows && rule.Conditions.Count == 0 && rule.IsFor(profile);
}
