namespace Holdfast.Core.Firewall;

/// <summary>What the firewall does with those who connect to a port from another machine.</summary>
public abstract record FirewallAnswer
{
    private FirewallAnswer()
    {
    }

    /// <summary>It lets them in on every network, whoever they are.</summary>
    public sealed record Open(FirewallRule By) : FirewallAnswer;

    /// <summary>It lets some of them in: on certain networks, or under conditions.</summary>
    /// <param name="Profiles">Where.</param>
    public sealed record Partly(FirewallRule By, IReadOnlyList<string> Profiles) : FirewallAnswer;

    /// <summary>A rule keeps them out, whatever others allow.</summary>
    public sealed record Blocked(FirewallRule By) : FirewallAnswer;

    /// <summary>No rule lets them in, and that is needed.</summary>
    public sealed record Closed : FirewallAnswer;

    /// <summary>It needs no rule to let them in: it is off, or lets in whom no rule names, on every network.</summary>
    public sealed record Off : FirewallAnswer;
}
