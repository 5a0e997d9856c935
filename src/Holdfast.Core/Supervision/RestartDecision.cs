namespace Holdfast.Core.Supervision;

/// <summary>What restart governance says: exactly one of three, each with its reason.</summary>
public abstract record RestartDecision(string Reason)
{
    /// <summary>Start again after <paramref name="Delay"/>; the ledger already counts it.</summary>
    public sealed record Restart(TimeSpan Delay, RestartLedger Ledger, string Reason) : RestartDecision(Reason);

    /// <summary>It is done and stays so.</summary>
    public sealed record Complete(string Reason) : RestartDecision(Reason);

    /// <summary>No start will be tried by itself any more.</summary>
    public sealed record GiveUp(string Reason) : RestartDecision(Reason);
}
