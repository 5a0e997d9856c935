using System.Text.Json;
using System.Threading.Channels;
using Holdfast.Core.Incidents;
using Holdfast.Core.Problems;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Incidents;

/// <summary>
/// Keeps this node's decisions. Who decides hands them over and goes on: it waits for no disk, and none that fails is felt. What cannot be kept is lost, and its number
/// is missing.
/// </summary>
internal sealed class DecisionRecorder(string node, string version, IDecisionRing ring, TimeProvider time, ILogger<DecisionRecorder> log)
{
    /// <summary>So many may wait for the disk: more than a busy node decides in the seconds that one may take.</summary>
    internal const int MostWaiting = 1024;

    private const int MostAtOnce = 128;

    /// <summary>What was decided before the agent ends, or before somebody asks, may take so long to be kept.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), Look = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Service, Type Kind), string> lastReasons = [];
    private readonly Channel<Kept> waiting = Channel.CreateBounded<Kept>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private long made, handled;
    private long? before;
    private bool failing;

    /// <summary>The highest number that was used, kept or not; null: the ring was never opened.</summary>
    public long? LastNumber
    {
        get
        {
            lock (gate) return before + made;
        }
    }

    /// <summary>Returns at once.</summary>
    /// <param name="service">Empty: the decision is about the node.</param>
    public void Keep(string service, Decision decision)
    {
        lock (gate)
        {
            var kind = (service, decision.GetType());
            var worth = DecisionWorth.IsKept(decision, lastReasons.GetValueOrDefault(kind));
            lastReasons[kind] = ReasonOf(decision);
            // Where there is no room it has had its number, and is missed.
            if (worth) waiting.Writer.TryWrite(new(++made, time.GetUtcNow(), service, decision));
        }
    }

    /// <summary>Writes until it is cancelled, and then what was decided until then, if the disk takes it soon.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var writing = Task.CompletedTask;
        try
        {
            while (await waiting.Reader.WaitToReadAsync(cancel))
            {
                writing = Task.Run(Write, CancellationToken.None);
                await writing.WaitAsync(cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await writing.ContinueWith(_ => WriteAll(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).WaitAsync(Patience, time, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when what was decided until now is kept or lost, or the disk keeps it waiting for too long.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        long now;
        lock (gate) now = made;
        while (Interlocked.Read(ref handled) < now && time.GetElapsedTime(began) < Patience) await Task.Delay(Look, time, cancel);
    }

    private static string ReasonOf(Decision decision) => decision switch
    {
        Decision.OfLeadership made => made.Step.Reason,
        Decision.OfLease made => made.Step.Reason,
        Decision.OfHold made => made.Step.Reason,
        Decision.OfPlacement made => made.Answer.Reason,
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "No such decision."),
    };

    private void WriteAll()
    {
        while (waiting.Reader.TryPeek(out _)) Write();
    }

    private void Write()
    {
        try
        {
            var problems = Opened() is { IsOk: false } closed ? closed.Problems : null;
            var lines = new List<DecisionLine>();
            var last = 0L;
            while (lines.Count < MostAtOnce && waiting.Reader.TryRead(out var kept))
            {
                last = kept.Sequence;
                lines.Add(Line(kept));
            }

            if (problems is null && ring.Append(lines) is { IsOk: false } failed) problems = failed.Problems;
            Tell(problems);
            Interlocked.Exchange(ref handled, last);
        }
        catch (Exception bug)
        {
            // The decisions of this turn are lost, and who decides must not be.
            Log.Bug(log, bug);
        }
    }

    private Outcome<Done> Opened()
    {
        if (before is not null) return Outcome.Done;
        var opened = ring.Open();
        if (!opened.TryGet(out var last)) return Outcome.Failed<Done>(opened.Problems);
        lock (gate) before = last;
        return Outcome.Done;
    }

    private DecisionLine Line(Kept kept)
    {
        var number = kept.Sequence + (before ?? 0);
        IncidentLine.Decided line = new(number, kept.At, node, kept.Service, version, kept.Decision);
        return new(number, [.. JsonSerializer.SerializeToUtf8Bytes(line, DecisionJson.Default.IncidentLine), (byte)'\n']);
    }

    private void Tell(IReadOnlyList<Problem>? problems)
    {
        if (problems is not null && !failing) Log.Lost(log, string.Join("; ", problems));
        if (problems is null && failing) Log.KeptAgain(log);
        failing = problems is not null;
    }

    /// <param name="Sequence">From 1, in this life of the agent.</param>
    private readonly record struct Kept(long Sequence, DateTimeOffset At, string Service, Decision Decision);
}
