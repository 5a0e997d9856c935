using System.Threading.Channels;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Tells the supervisors what becomes of the node's lease, in order, without keeping who decides it waiting. Of several extensions that wait only the last one is told. A
/// supervisor that does not answer fences by itself.
/// </summary>
internal sealed class LeaseHolders(ISupervisor supervisors, ILogger<LeaseHolders> log)
{
    private readonly Channel<Word> words = Channel.CreateUnbounded<Word>(new() { SingleReader = true });
    private long longestKill;
    private TaskCompletionSource? extended;

    /// <summary>The longest that killing took here.</summary>
    public TimeSpan LongestKill => TimeSpan.FromTicks(Interlocked.Read(ref longestKill));

    /// <summary>How it stands with the machine's watchdog, as the supervisor said after the last extension; null: it has said nothing yet.</summary>
    public WatchdogReport? Watchdog { get; private set; }

    /// <summary>Called when the supervisor says for the first time that the watchdog can be had, or that it cannot, or why not has changed.</summary>
    public Action WatchdogChanged { get; set; } = () => { };

    /// <param name="watchdog">Null: none is wanted.</param>
    public void Extend(long lease, TimeSpan softAt, TimeSpan hardAt, WatchdogOrder? watchdog) => words.Writer.TryWrite(new Word.Extend(lease, softAt, hardAt, watchdog));

    public void HoldBack(long lease, string why) => words.Writer.TryWrite(new Word.HoldBack(lease, why));

    public void Fence(long lease, string why) => words.Writer.TryWrite(new Word.Fence(lease, why));

    public void Killed(TimeSpan longest)
    {
        if (longest.Ticks > Interlocked.Read(ref longestKill)) Interlocked.Exchange(ref longestKill, longest.Ticks);
    }

    /// <summary>The supervisor says how it stands with the watchdog.</summary>
    public void Hear(WatchdogReport? report)
    {
        var before = Watchdog;
        Watchdog = report;
        if (before?.Why == report?.Why && before is null == report is null) return;
        if (report?.Why is { } why) Log.NoWatchdog(log, report.Device, why);
        WatchdogChanged();
    }

    /// <summary>Ends when the next extension is told to all of them.</summary>
    public Task ExtendedAsync()
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref extended, next, null) ?? next).Task;
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        var told = "";
        while (await words.Reader.WaitToReadAsync(cancel))
        {
            while (words.Reader.TryRead(out var word))
            {
                if (word is Word.Extend && words.Reader.TryPeek(out var next) && next is Word.Extend later && later.Lease == ((Word.Extend)word).Lease) continue;
                // What comes late fences by itself: waiting longer than that helps nobody.
                var done = word switch
                {
                    Word.Extend extend => BootClock.SinceBoot >= extend.HardAt ? Outcome.Done : await supervisors.ExtendAsync(extend.Lease, extend.SoftAt, extend.HardAt, extend.Watchdog, cancel),
                    Word.HoldBack hold => await supervisors.HoldBackAsync(hold.Lease, hold.Why, cancel),
                    Word.Fence fence => await supervisors.FenceAsync(fence.Lease, fence.Why, cancel),
                    _ => Outcome.Done,
                };
                if (done.IsOk && word is Word.Extend) Interlocked.Exchange(ref extended, null)?.SetResult();
                var trouble = done.IsOk ? "" : string.Join("; ", done.Problems);
                if (trouble.Length > 0 && trouble != told) Log.NotTold(log, trouble);
                told = trouble;
                if (word is Word.Extend { Watchdog: { } order }) await AskForWatchdogAsync(order, cancel);
            }
        }
    }

    /// <summary>What was said before the extension of a supervisor that answers nothing now still holds: it says something new when it is back.</summary>
    private async Task AskForWatchdogAsync(WatchdogOrder order, CancellationToken cancel)
    {
        var asked = await supervisors.LeasesAsync(cancel);
        if (asked.TryGet(out var known)) Hear(known.Watchdog ?? new(order.Device, order.Seconds, Armed: false, "the supervisor is of a version that knows no watchdog; bring the node to this version with `holdfast upgrade`"));
    }

    private abstract record Word
    {
        public sealed record Extend(long Lease, TimeSpan SoftAt, TimeSpan HardAt, WatchdogOrder? Watchdog) : Word;

        public sealed record HoldBack(long Lease, string Why) : Word;

        public sealed record Fence(long Lease, string Why) : Word;
    }
}
