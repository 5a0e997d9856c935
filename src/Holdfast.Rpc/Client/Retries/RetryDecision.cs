namespace Holdfast.Rpc.Client.Retries;

/// <summary>What happens after an attempt that failed.</summary>
public abstract record RetryDecision
{
    private RetryDecision()
    {
    }

    /// <summary>The call is made again.</summary>
    /// <param name="After">So long after the failure.</param>
    /// <param name="Next">As what.</param>
    public sealed record Again(TimeSpan After, RetryState Next) : RetryDecision;

    /// <summary>The failure is the call's.</summary>
    /// <param name="Reason">In a clause.</param>
    public sealed record GiveUp(string Reason) : RetryDecision;
}

/// <summary>Where a call stands.</summary>
/// <param name="Attempt">The present one, from 1.</param>
/// <param name="Backoffs">Waits of the policy's own since the call began, or since the server last said how long to wait.</param>
public readonly record struct RetryState(int Attempt, int Backoffs)
{
    public static RetryState First { get; } = new(1, 0);
}
