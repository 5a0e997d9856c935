namespace Holdfast.Core.Firewall;

/// <summary>What the firewall does with those who connect to a port from another machine.</summary>
public abstract record FirewallAnswer
{
    private FirewallAnswer()
    {
    }

    /// <summary>It lets them in, whoever they are.</summary>
    public sealed record Open(FirewallRule By) : FirewallAnswer;

    /// <summary>It lets some of them in: a rule that allows is for certain networks, or has conditions.</summary>
    public sealed record Partly(FirewallRule By) : FirewallAnswer;

    /// <summary>A rule keeps them out, whatever others allow.</summary>
    public sealed record Blocked(FirewallRule By) : FirewallAnswer;

    /// <summary>No rule lets them in, and that is needed.</summary>
    public sealed record Closed : FirewallAnswer;

    /// <summary>It is off, or lets in whom no rule names, in every profile.</summary>
    public sealed record Off : FirewallAnswer;
}
