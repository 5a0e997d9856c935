using System.Text;
using Holdfast.Core.Capture;
using Holdfast.Core.Problems;
using Holdfast.Core.Redaction;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Supervisor.Capture;

/// <summary>
/// The output of one instance, over all its restarts: its segments, its counts, and what happens when the disk cannot be written.
/// Each line that a stream has read is written, or held until it can be, or counted as lost: never anything else.
/// </summary>
/// <remarks>Safe to use from several threads. The observer is never called under its lock.</remarks>
public sealed class OutputCapture : IDisposable
{
    private readonly Lock gate = new();
    private readonly SegmentSink sink;
    private readonly CaptureCounts counts;
    private readonly CaptureTrouble trouble;
    private readonly ICaptureObserver observer;
    private readonly TimeProvider time;
    private readonly long began;
    private CaptureSettings settings;
    private LineRateSpec rateOf;
    private LineRate? rate;
    private bool closed;

    internal OutputCapture(
        Func<SegmentPolicy, Outcome<SegmentWriter>> open, CaptureSettings settings, ICaptureObserver observer, TimeProvider time, CaptureStatus? earlier)
    {
        (this.settings, this.observer, this.time, began) = (settings, observer, time, time.GetTimestamp());
        (rateOf, rate) = (settings.RateSpec, settings.NewRate());
        sink = new(open, settings.Policy, time);
        counts = new(earlier);
        trouble = new(observer, counts, time);
    }

    /// <summary>Counts and trouble as they are now.</summary>
    public CaptureStatus Status
    {
        get { lock (gate) return counts.Status(trouble.Current ?? sink.SyncTrouble, trouble.BlockedNow); }
    }

    /// <summary>Something is wrong or not written yet: <see cref="Tend"/> wants to be called now and then.</summary>
    internal bool NeedsTending
    {
        get { lock (gate) return !closed && (trouble.IsOn || sink.HasLosses); }
    }

    /// <summary>Why its lines cannot all be handed over: some wait in memory for room on the disk, or their loss is not told yet. Null: they can.</summary>
    internal string? NotWhole
    {
        get
        {
            lock (gate)
            {
                if (trouble.Current is { } problem) return problem.What;
                return sink.HasLosses ? "lines were lost, and that is not written yet" : null;
            }
        }
    }

    /// <summary>Bytes of captured output that are not on the disk yet.</summary>
    internal long UnsyncedBytes => sink.UnsyncedBytes;

    /// <summary>Nothing is opened or created yet: the first line does that, and while it cannot be done the spec's policy decides.</summary>
    /// <param name="secrets">The values of the service's secrets, which must never reach the disk.</param>
    /// <param name="earlier">Counts to go on from.</param>
    public static Outcome<OutputCapture> Create(
        string folder, OutputSpec spec, IEnumerable<string> secrets, ICaptureObserver observer, TimeProvider time, CaptureStatus? earlier = null) =>
        CaptureSettings.From(spec, secrets).Then<OutputCapture>(settings =>
            new OutputCapture(policy => SegmentWriter.Open(folder, policy, time), settings, observer, time, earlier));

    /// <summary>Takes another spec: policy and rotation at once, encoding and redaction for streams that are attached from now on.</summary>
    public Outcome<Done> Configure(OutputSpec spec, IEnumerable<string> secrets) => CaptureSettings.From(spec, secrets).Then(Use);

    /// <summary>A new process's pipe. Give the stream to a pump.</summary>
    public CaptureStream Attach(StreamKind kind, PipeReadEnd pipe)
    {
        lock (gate)
        {
            var transcoder = settings.Encoding is { } encoding ? new Transcoder(encoding) : null;
            return new(this, kind, pipe, transcoder, settings.Rules, time);
        }
    }

    /// <summary>Writes a note of the supervisor's among the lines. One line; it is not held, and lost if it cannot be written.</summary>
    public void Note(string text)
    {
        var line = Encoding.UTF8.GetBytes(text.ReplaceLineEndings(" ") + "\n");
        lock (gate) _ = sink.Write(new(StreamKind.Holdfast, BlockFlags.None, time.GetUtcNow(), line, 1));
    }

    /// <summary>Tries to write what losses there are to tell of, and sees whether trouble is over.</summary>
    public void Tend()
    {
        Action? tell;
        lock (gate) tell = trouble.After(sink.WriteLosses());
        tell?.Invoke();
    }

    /// <summary>Puts what was written on the disk. May take long; reading goes on meanwhile.</summary>
    public void Sync()
    {
        sink.Sync();
        if (sink.TakeSyncTrouble() is { } problem) trouble.Tell(problem);
        observer.Synced();
    }

    /// <summary>Rotates and retires by age.</summary>
    public void Maintain()
    {
        lock (gate) sink.Maintain();
    }

    /// <summary>Syncs and closes the segments. What a stream still brings afterwards is counted as lost.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            sink.Dispose();
        }
    }

    internal void CountRead(int bytes)
    {
        lock (gate) counts.BytesRead += bytes;
    }

    internal void CountLines(int lines)
    {
        lock (gate) counts.LinesRead += lines;
    }

    internal void CountRedacted(RedactionTally tally)
    {
        lock (gate) tally.MoveTo(counts.Redacted);
    }

    /// <summary>False: it could not be written and must be held (<see cref="OverflowPolicy.Block"/>).</summary>
    internal bool TryStore(CapturedBlock block)
    {
        Action? tell;
        bool done;
        lock (gate)
        {
            var problem = TooMuch() ?? sink.Write(block);
            done = problem is null || settings.OnFull == OverflowPolicy.Drop || !SegmentSink.CanEverHold(block);
            tell = trouble.After(problem, holds: !done);
            if (problem is null)
            {
                counts.Written(block);
                rate?.Count(block.LineCount);
            }
            else if (done)
            {
                Lose(block, problem.What);
            }
        }

        tell?.Invoke();
        return done;
    }

    /// <summary>What is over the limit is as what the disk does not take: the spec's policy says what becomes of it.</summary>
    private Problem? TooMuch() => rate?.Allows(time.GetElapsedTime(began)) != false ? null : new(ProblemKind.Refused, "output.rate", $"it writes more than {settings.RateSpec.Lines} lines a second")
    {
        Mend = "let it write less, or raise `output.rate`",
    };

    internal void Report(Problem problem) => trouble.Tell(problem);

    /// <summary>Lines that were read and never could be stored.</summary>
    internal void Lost(CapturedBlock block, string reason)
    {
        lock (gate)
        {
            counts.LinesRead += block.LineCount;
            Lose(block, reason);
        }
    }

    internal void Drop(CapturedBlock block, string reason)
    {
        lock (gate) Lose(block, reason);
    }

    private void Lose(CapturedBlock block, string reason)
    {
        counts.Dropped(block);
        sink.AddLoss(block, reason);
    }

    private Outcome<Done> Use(CaptureSettings next)
    {
        lock (gate)
        {
            settings = next;
            sink.Policy = next.Policy;
            if (rateOf != next.RateSpec) (rateOf, rate) = (next.RateSpec, next.NewRate());
        }

        return Outcome.Done;
    }
}
