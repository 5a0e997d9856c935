namespace Holdfast.Core.Firewall;

/// <summary>What Windows' firewall has.</summary>
/// <param name="Guarded">The profiles (Domain, Private, Public) in which it is on and keeps out whom no rule lets in.</param>
/// <param name="Rules">The machine's and the group policies'.</param>
public sealed record FirewallState(IReadOnlyList<string> Guarded, IReadOnlyList<FirewallRule> Rules)
{
    /// <summary>A rule that blocks beats every one that allows; among those that allow, the widest counts.</summary>
    /// <param name="executable">The absolute path of the program that listens.</param>
    public FirewallAnswer Ask(int port, string executable)
    {
        var concerned = Rules.Where(rule => rule.Concerns(port, executable)).ToList();
        if (concerned.Find(rule => !rule.Allows && rule.Conditions.Count == 0) is { } blocking) return new FirewallAnswer.Blocked(blocking);
        if (Guarded.Count == 0) return new FirewallAnswer.Off();
        var allowing = concerned.FindAll(rule => rule.Allows);
        if (allowing.Find(IsForAll) is { } open) return new FirewallAnswer.Open(open);
        return allowing.Count > 0 ? new FirewallAnswer.Partly(allowing[0]) : new FirewallAnswer.Closed();
    }

    private bool IsForAll(FirewallRule rule) =>
        rule.Conditions.Count == 0 && (rule.Profiles.Count == 0 || Guarded.All(profile => rule.Profiles.Contains(profile, StringComparer.OrdinalIgnoreCase)));
}
