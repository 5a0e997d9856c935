using System.Threading.Channels;
using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Platform;
using Holdfast.Storage;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Keeps this node's lease: asks for one, renews it, and tells the supervisors until when what leads under it may act. What is decided is <see cref="LeaseMachine"/>'s;
/// here are the clock, the store and the waiting.
/// </summary>
/// <param name="length">What is asked for.</param>
/// <param name="holders">Whom to tell.</param>
/// <param name="clock">Counts suspend, as the supervisors' does.</param>
internal sealed class LeaseKeeper(IStore store, TimeSpan length, LeaseHolders holders, BootClock clock, ILogger<LeaseKeeper> log)
{
    private static readonly TimeSpan RevokeAgain = TimeSpan.FromMilliseconds(200);

    private readonly Channel<LeaseInput> inputs = Channel.CreateUnbounded<LeaseInput>(new() { SingleReader = true });
    private LeaseState state = LeaseMachine.Begin;
    private TaskCompletionSource<Outcome<Done>>? givenUp;
    private ClockReading last;

    /// <summary>The device that resets the machine where the deadline is not kept; null: there is none.</summary>
    public string? Watchdog { get; init; }

    /// <summary>Another word when the virtual machine is another than it was; null: it does not tell.</summary>
    public Func<string?> Generation { get; set; } = () => null;

    /// <summary>Called when the lease is another one, or none (null); in order, and not to be kept waiting.</summary>
    public Action<long?> Changed { get; set; } = _ => { };

    /// <summary>Told of each step, before its effects; not to keep it waiting.</summary>
    public Action<Decision> Decided { get; set; } = _ => { };

    /// <summary>Called with each step, in order, before <see cref="Changed"/>; not to be kept waiting.</summary>
    public Action<LeaseState, LeaseInput, LeaseStep> Stepped { get; set; } = (_, _, _) => { };

    /// <summary>Null: there is none.</summary>
    public long? Lease => (Volatile.Read(ref state) as LeaseState.Held)?.Id;

    /// <summary>The lease where it is beyond doubt; null: whether this node still takes part is itself in doubt.</summary>
    public long? Sure => State is LeaseState.Held { Doubt: null } held && BootClock.SinceBoot < held.SoftAt ? held.Id : null;

    public LeaseState State => Volatile.Read(ref state);

    /// <summary>Nothing leads under it any more: it is ended in the store, and no other is asked for before the time is over. Problems: why the store could not be told; then it ends by itself.</summary>
    public Task<Outcome<Done>> GiveUpAsync(TimeSpan away, string why)
    {
        var done = new TaskCompletionSource<Outcome<Done>>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Who asks while it is being given up waits for the same end.
        if (Interlocked.CompareExchange(ref givenUp, done, null) is { } underWay) return underWay.Task;
        inputs.Writer.TryWrite(new LeaseInput.GivenUp(why, BootClock.SinceBoot + away));
        return done.Task;
    }

    /// <summary>Until it is cancelled. The lease is left to itself then: who is back in time goes on with it.</summary>
    /// <param name="begin">What the supervisors still have from an agent before; else <see cref="LeaseMachine.Begin"/>.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(LeaseState begin, CancellationToken cancel)
    {
        state = begin;
        last = Reading;
        if (Lease is { } kept) Changed(kept);
        while (!cancel.IsCancellationRequested)
        {
            Step(new LeaseInput.TimePassed(), cancel);
            if (await WaitAsync(cancel)) continue;
            while (inputs.Reader.TryRead(out var input)) Step(input, cancel);
        }
    }

    /// <summary>The longest that killing took, as the supervisors measured it.</summary>
    private TimeSpan Kill => holders.LongestKill;

    /// <returns>Nothing came: something is due.</returns>
    private async Task<bool> WaitAsync(CancellationToken cancel)
    {
        var wait = UntilDue();
        if (wait <= TimeSpan.Zero && !inputs.Reader.TryPeek(out _)) return true;
        using var due = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = clock.CreateTimer(_ => due.Cancel(), null, wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
        try
        {
            return !await inputs.Reader.WaitToReadAsync(due.Token);
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private TimeSpan UntilDue()
    {
        var at = state switch
        {
            LeaseState.None none => none.AskAt,
            LeaseState.Asked asked => asked.At + length,
            LeaseState.Held { Doubt: null } held => Earlier(held.RenewAt, held.SoftAt),
            LeaseState.Held held => Earlier(held.RenewAt, held.HardAt),
            _ => BootClock.SinceBoot + length,
        };
        return at - BootClock.SinceBoot;
    }

    private void Step(LeaseInput input, CancellationToken cancel)
    {
        if (Doubted() is { } doubt) Apply(new LeaseInput.TimeDoubted(doubt), cancel);
        Apply(input, cancel);
    }

    private void Apply(LeaseInput input, CancellationToken cancel)
    {
        var (before, was) = (Lease, state);
        var (now, kill) = (BootClock.SinceBoot, Kill);
        var step = LeaseMachine.Step(was, input, now, kill);
        Decided(new Decision.OfLease(was, input, now, kill, step));
        Volatile.Write(ref state, step.State);
        Stepped(was, input, step);
        foreach (var effect in step.Effects) Do(effect, cancel);
        if (input is LeaseInput.GivenUp && !step.Effects.Any(effect => effect is LeaseEffect.Revoke)) Interlocked.Exchange(ref givenUp, null)?.TrySetResult(Outcome.Done);
        if (step.Effects.Any(effect => effect is LeaseEffect.HoldBack or LeaseEffect.Fence)) Log.Lease(log, step.Reason);
        if (Lease == before) return;
        if (Lease is { } id) Log.Granted(log, id, step.Reason);
        Changed(Lease);
    }

    private void Do(LeaseEffect effect, CancellationToken cancel)
    {
        switch (effect)
        {
            case LeaseEffect.Ask ask:
                Tell(AskAsync(ask, cancel));
                break;
            case LeaseEffect.Renew renew:
                Tell(RenewAsync(renew, cancel));
                break;
            case LeaseEffect.Extend extend:
                holders.Extend(extend.Id, extend.SoftAt, extend.HardAt, state is LeaseState.Held held ? OrderFor(held.Terms, held.From) : null);
                break;
            case LeaseEffect.HoldBack hold:
                holders.HoldBack(hold.Id, hold.Why);
                break;
            case LeaseEffect.Fence fence:
                holders.Fence(fence.Id, fence.Why);
                break;
            case LeaseEffect.Revoke revoke:
                _ = RevokeAsync(revoke.Id, cancel);
                break;
        }
    }

    /// <summary>How the watchdog is to be kept for what acts under a lease, or under promises that count as one; null: no watchdog is wanted.</summary>
    /// <param name="from">When what was answered last had been sent.</param>
    public WatchdogOrder? OrderFor(LeaseTerms terms, TimeSpan from)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return Watchdog is { } device ? new(device, (int)terms.WatchdogTimeout.TotalSeconds, from + terms.Watchdog) : null;
    }

    private async Task<LeaseInput> AskAsync(LeaseEffect.Ask ask, CancellationToken cancel)
    {
        var granted = await store.GrantLeaseAsync(length, cancel);
        return granted.TryGet(out var lease) ? new LeaseInput.Granted(lease.Id, lease.Length, ask.SentAt) : new LeaseInput.Unanswered(ask.SentAt, granted.Problems[0].ToString());
    }

    private async Task<LeaseInput> RenewAsync(LeaseEffect.Renew renew, CancellationToken cancel)
    {
        // An answer that comes when the lease is over means nothing any more.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = clock.CreateTimer(_ => patience.Cancel(), null, length, Timeout.InfiniteTimeSpan);
        try
        {
            var kept = await store.KeepLeaseAsync(renew.Id, patience.Token);
            if (kept.IsOk) return new LeaseInput.Renewed(renew.Id, renew.SentAt);
            return kept.Problems[0].Rule == "store.lease-gone" ? new LeaseInput.Gone(renew.Id) : new LeaseInput.Unanswered(renew.SentAt, kept.Problems[0].ToString());
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new LeaseInput.Unanswered(renew.SentAt, "no answer came");
        }
    }

    /// <summary>For as long as it could last: after that there is nothing to end.</summary>
    private async Task RevokeAsync(long id, CancellationToken cancel)
    {
        Outcome<Done> ended = StoreProblem.Unavailable("it did not answer");
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            using var timer = clock.CreateTimer(_ => patience.Cancel(), null, length, Timeout.InfiniteTimeSpan);
            while (true)
            {
                ended = await store.RevokeLeaseAsync(id, patience.Token);
                if (ended.IsOk || ended.Problems[0].Rule == "store.lease-gone") break;
                await Task.Delay(RevokeAgain, clock, patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // What the store said last is the answer.
        }
        catch (Exception bug)
        {
            Log.Bug(log, bug);
        }

        Interlocked.Exchange(ref givenUp, null)?.TrySetResult(ended.IsOk || ended.Problems[0].Rule == "store.lease-gone" ? Outcome.Done : ended);
    }

    private void Tell(Task<LeaseInput> asked) => asked.ContinueWith(
        answered =>
        {
            if (answered.IsCompletedSuccessfully) inputs.Writer.TryWrite(answered.Result);
            else if (answered.IsFaulted) Log.Bug(log, answered.Exception);
        },
        CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private ClockReading Reading => new(clock.GetUtcNow(), BootClock.SinceBoot, BootClock.Awake, Generation());

    /// <summary>Why what was sent before proves nothing; null: there is no doubt.</summary>
    private string? Doubted()
    {
        var (before, now) = (last, Reading);
        last = now;
        return now.WhyDoubt(before);
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
