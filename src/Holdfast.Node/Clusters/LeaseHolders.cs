using System.Threading.Channels;
using Holdfast.Core.Problems;
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

    public void Extend(long lease, TimeSpan softAt, TimeSpan hardAt) => words.Writer.TryWrite(new Word.Extend(lease, softAt, hardAt));

    public void HoldBack(long lease, string why) => words.Writer.TryWrite(new Word.HoldBack(lease, why));

    public void Fence(long lease, string why) => words.Writer.TryWrite(new Word.Fence(lease, why));

    public void Killed(TimeSpan longest)
    {
        if (longest.Ticks > Interlocked.Read(ref longestKill)) Interlocked.Exchange(ref longestKill, longest.Ticks);
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
                    Word.Extend extend => BootClock.SinceBoot >= extend.HardAt ? Outcome.Done : await supervisors.ExtendAsync(extend.Lease, extend.SoftAt, extend.HardAt, cancel),
                    Word.HoldBack hold => await supervisors.HoldBackAsync(hold.Lease, hold.Why, cancel),
                    Word.Fence fence => await supervisors.FenceAsync(fence.Lease, fence.Why, cancel),
                    _ => Outcome.Done,
                };
                if (done.IsOk && word is Word.Extend) Interlocked.Exchange(ref extended, null)?.SetResult();
                var trouble = done.IsOk ? "" : string.Join("; ", done.Problems);
                if (trouble.Length > 0 && trouble != told) Log.NotTold(log, trouble);
                told = trouble;
            }
        }
    }

    private abstract record Word
    {
        public sealed record Extend(long Lease, TimeSpan SoftAt, TimeSpan HardAt) : Word;

        public sealed record HoldBack(long Lease, string Why) : Word;

        public sealed record Fence(long Lease, string Why) : Word;
    }
}
