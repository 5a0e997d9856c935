using System.Globalization;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Leadership;

/// <summary>
/// When what happens in the life of a lease, all of it counted from the moment at which the renewal that was acknowledged had been sent (law 4a). Between the
/// last moment at which a leader may act and the first at which another may begin lies the time that killing takes and what clocks may differ by.
/// </summary>
public sealed record LeaseTerms
{
    /// <summary>What etcd grants at the least with its own settings; and less than pauses of ordinary machines would make a leader fall for nothing.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan Default = TimeSpan.FromSeconds(5);

    /// <summary>By how much two clocks may run apart, of the time they count. Quartz does 0.02 %; this is for virtual machines.</summary>
    private const double ClockError = 0.01;

    /// <summary>How late a timer may wake who waits for it on a machine that is not overloaded.</summary>
    private static readonly TimeSpan TimerLateness = TimeSpan.FromMilliseconds(50);

    private LeaseTerms(TimeSpan length) => Length = length;

    /// <summary>As the store granted it.</summary>
    public TimeSpan Length { get; }

    /// <summary>A renewal is sent so often. Four may be lost before the deadline comes near.</summary>
    public TimeSpan RenewEvery => Length / 5;

    /// <summary>Nothing new is let in: the leader may be alone.</summary>
    public TimeSpan Soft => Length * 0.5;

    /// <summary>The supervisor kills the tree, whatever anybody says.</summary>
    public TimeSpan Hard => Length * 0.7;

    /// <summary>A watchdog of the kernel's resets the machine, where there is one.</summary>
    public TimeSpan Watchdog => Length * 0.85;

    /// <summary>
    /// What a watchdog is set to: whole seconds, as the kernel counts, and no more than lie between the sending of a renewal and the kill. The rest up to <see cref="Watchdog"/>, 15 % of the
    /// lease at the least, is what the answer to a renewal may take so that it lets the watchdog be petted.
    /// </summary>
    public TimeSpan WatchdogTimeout => TimeSpan.FromSeconds(Math.Floor(Hard.TotalSeconds));

    /// <summary>What killing may take, at most: after it another may act, even if its clock runs ahead of ours as far as clocks may.</summary>
    public TimeSpan KillWithin => (Length * (1 - ClockError)) - Hard - TimerLateness;

    /// <summary>The terms of a lease of a length. Problems: <c>lease.length</c>, <c>lease.kill-time</c>.</summary>
    /// <param name="kill">The longest that killing a service's tree has taken on this node, as measured; zero: not known yet.</param>
    public static Outcome<LeaseTerms> Of(TimeSpan length, TimeSpan kill)
    {
        if (length < Shortest || length > Longest)
        {
            return new Problem(ProblemKind.BadInput, "lease.length", $"A lease of {InWords(length)} is not possible.")
            {
                Mend = $"choose {InWords(Shortest)} to {InWords(Longest)}",
            };
        }

        var terms = new LeaseTerms(length);
        if (kill <= terms.KillWithin) return terms;
        return new Problem(ProblemKind.Refused, "lease.kill-time", $"With a lease of {InWords(length)}, killing may take {InWords(terms.KillWithin)}; here it has taken {InWords(kill)}.")
        {
            Why = "the next leader could begin while this one is still being killed",
            Mend = $"choose a lease of {InWords(LongEnoughFor(kill))} or more, or find out what holds the service's processes",
        };
    }

    /// <summary>The shortest lease under which a watchdog can be set to that, in whole seconds.</summary>
    public static TimeSpan LongEnoughForWatchdog(TimeSpan timeout) => TimeSpan.FromSeconds(Math.Ceiling(timeout.TotalSeconds * 10 / 7));

    /// <summary>In whole seconds, as leases are.</summary>
    private static TimeSpan LongEnoughFor(TimeSpan kill) =>
        TimeSpan.FromSeconds(Math.Ceiling((kill + TimerLateness).TotalSeconds / (1 - ClockError - 0.7)));

    private static string InWords(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
