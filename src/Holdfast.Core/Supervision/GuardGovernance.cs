using Holdfast.Core.Problems;

namespace Holdfast.Core.Supervision;

/// <summary>
/// When the guard starts the supervisor again: at once, then after 1 s, then every 5 s, without end. Services wait for nobody else,
/// so it never gives up; it only gets slower, and says so.
/// </summary>
public static class GuardGovernance
{
    /// <summary>One that lived so long had no trouble of its start: delays begin anew.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan[] Delays = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <param name="deaths">Ends in a row before this one, each soon after its start.</param>
    public static GuardDecision Decide(SupervisorEnd end, int deaths)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (end.OnPurpose || end.Exit is { Code: ExitCode.Ok }) return new GuardDecision.End(ExitCode.Ok, "the supervisor has ended as it was told to");

        // It says by itself what stands in the way: somebody else's lock, a home that cannot be used. Another try would meet the same.
        if (end.Exit is { Code: ExitCode.Conflict }) return new GuardDecision.End(ExitCode.Conflict, "another supervisor keeps this home");
        if (!end.Served && deaths == 0 && end.Exit is { Code: { } code and not ExitCode.Bug } && code <= ExitCode.Damaged)
            return new GuardDecision.End(code, "the supervisor cannot start");

        var counted = end.Lived >= Settled ? 1 : deaths + 1;
        var delay = Delays[Math.Min(counted, Delays.Length) - 1];
        var how = end.Exit is { } exit ? $"ended ({exit})" : "is gone";
        return new GuardDecision.Start(delay, counted, delay > TimeSpan.Zero ? $"the supervisor {how}, {counted} times in a row: the next one starts after {delay.TotalSeconds:0} s" : $"the supervisor {how}: the next one starts");
    }
}
