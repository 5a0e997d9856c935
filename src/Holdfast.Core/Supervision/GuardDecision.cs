namespace Holdfast.Core.Supervision;

/// <summary>What the guard does when its supervisor has ended, and why.</summary>
public abstract record GuardDecision(string Reason)
{
    /// <summary>Nothing is to be guarded any more.</summary>
    public sealed record End(int ExitCode, string Reason) : GuardDecision(Reason);

    /// <summary>Empty what it kept, and start another one.</summary>
    /// <param name="Deaths">How many in a row have ended soon, this one included.</param>
    public sealed record Start(TimeSpan Delay, int Deaths, string Reason) : GuardDecision(Reason);
}
