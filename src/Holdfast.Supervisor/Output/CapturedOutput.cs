using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Supervisor.Capture;

namespace Holdfast.Supervisor.Output;

/// <summary>Captures the output of all instances through one pump.</summary>
internal sealed class CapturedOutput(TimeProvider time, Log log, Action<string, string, string> note, Action<string> synced) : IOutput
{
    /// <summary>How long pipes that somebody outside the tree holds open are read on after the instance is gone.</summary>
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(2);

    /// <summary>Counts are kept at most so often: a service that writes all the time is not to wake the loop ten times a second.</summary>
    private static readonly TimeSpan CountsEvery = TimeSpan.FromSeconds(1);

    private readonly CapturePump pump = new(time);
    private readonly Dictionary<string, InstanceOutput> outputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CaptureStatus> recalled = new(StringComparer.Ordinal);
    private readonly List<Task> closing = [];
    private bool frozen;

    public Outcome<OutputEnds> Attach(InstancePlan plan, IReadOnlyList<byte[]> secrets)
    {
        var opened = Open(plan, secrets);
        if (!opened.TryGet(out var output)) return Outcome.Failed<OutputEnds>(opened.Problems);
        try
        {
            var stdout = Pipe.Create();
            var stderr = Pipe.Create();
            output.Add(pump, stdout.Read, stderr.Read);
            return new OutputEnds(stdout.Write, stdout.Write.Handle, stderr.Write, stderr.Write.Handle);
        }
        catch (IOException failure)
        {
            return new Problem(ProblemKind.Failed, "output.no-pipe", "no pipe can be made for its output") { Why = failure.Message };
        }
    }

    public CaptureStatus StatusOf(string instance) => outputs.TryGetValue(instance, out var output)
        ? output.Capture.Status
        : recalled.GetValueOrDefault(instance) ?? new CaptureStatus();

    public void Recall(string instance, CaptureStatus earlier) => recalled[instance] = earlier with { Trouble = null };

    public IReadOnlyList<SafeHandle> Pipes => [.. outputs.Values.SelectMany(output => output.Reading).Select(stream => stream.Pipe.Handle)];

    public Problem? Freeze()
    {
        pump.Freeze();
        frozen = true;
        closing.RemoveAll(c => c.IsCompleted);
        if (WhyNot() is not { } why) return null;
        Thaw();
        return new Problem(ProblemKind.Unavailable, "upgrade.output", "captured output cannot be handed over at the moment") { Why = why, Mend = "ask again when that is over" };
    }

    public void Thaw()
    {
        frozen = false;
        pump.Thaw();
    }

    public OutputHandover HandOver(string instance) => new()
    {
        Counts = StatusOf(instance) with { Trouble = null },
        Streams = frozen && outputs.TryGetValue(instance, out var output) ? [.. output.Reading.Select(stream => stream.HandOver())] : [],
    };

    public Outcome<Done> TakeOver(InstancePlan plan, IReadOnlyList<byte[]> secrets, OutputHandover earlier)
    {
        Recall(plan.Instance, earlier.Counts);
        if (earlier.Streams.Count == 0) return Outcome.Done;
        var opened = Open(plan, secrets);
        if (!opened.TryGet(out var output)) return Outcome.Failed<Done>(opened.Problems);
        foreach (var stream in earlier.Streams)
        {
            var kind = stream.Stream == StreamKind.Stderr.Name() ? StreamKind.Stderr : StreamKind.Stdout;
            output.Add(pump, kind, PipeReadEnd.TakeOver(NextImage.Take(stream.Descriptor)), stream);
        }

        return Outcome.Done;
    }

    public void Close(string instance)
    {
        recalled.Remove(instance);
        if (!outputs.Remove(instance, out var output)) return;
        closing.RemoveAll(c => c.IsCompleted);
        closing.Add(CloseAsync(output));
    }

    public void Dispose()
    {
        foreach (var instance in outputs.Keys.ToList()) Close(instance);
        Task.WaitAll([.. closing]);
        pump.Dispose();
    }

    private string? WhyNot()
    {
        if (closing.Count > 0) return "the last output of an instance that was removed is still being read";
        foreach (var (instance, output) in outputs)
        {
            if (output.Capture.NotWhole is { } why) return $"{instance}: {why}";
        }

        return null;
    }

    private Outcome<InstanceOutput> Open(InstancePlan plan, IReadOnlyList<byte[]> secrets)
    {
        var words = secrets.Select(s => Encoding.UTF8.GetString(s).Trim('\r', '\n')).Where(s => s.Length > 0).ToList();
        if (outputs.TryGetValue(plan.Instance, out var known))
        {
            var configured = known.Configure(plan.Spec.Output, words);
            return configured.IsOk ? known : Outcome.Failed<InstanceOutput>(configured.Problems);
        }

        var made = OutputCapture.Create(plan.OutputFolder, plan.Spec.Output, words, new Observer(plan.Instance, note, synced, time), time, recalled.GetValueOrDefault(plan.Instance));
        if (!made.TryGet(out var capture)) return Outcome.Failed<InstanceOutput>(made.Problems);
        return outputs[plan.Instance] = new InstanceOutput(capture, plan.Spec.Output, words);
    }

    private async Task CloseAsync(InstanceOutput output)
    {
        try
        {
            await pump.DrainAsync(output.Streams, DrainWithin).ConfigureAwait(false);
            pump.Forget(output.Capture);
            output.Capture.Dispose();
        }
        catch (IOException failure)
        {
            log.Say($"captured output was not closed cleanly: {failure.Message}");
        }
    }

    private sealed class Observer(string instance, Action<string, string, string> note, Action<string> synced, TimeProvider time) : ICaptureObserver
    {
        private long told = long.MinValue;

        public void Trouble(Problem problem) => note(instance, EventKind.OutputTrouble, problem.ToString());

        public void Recovered(CaptureRecovery recovery) => note(instance, EventKind.OutputRecovered, recovery.ToString());

        public void Synced()
        {
            if (told != long.MinValue && time.GetElapsedTime(told) < CountsEvery) return;
            told = time.GetTimestamp();
            synced(instance);
        }
    }

    /// <summary>An instance's capture and the streams that have not ended yet.</summary>
    private sealed class InstanceOutput(OutputCapture capture, OutputSpec spec, List<string> secrets)
    {
        private readonly List<CaptureStream> streams = [];

        public OutputCapture Capture => capture;

        public IReadOnlyList<CaptureStream> Streams => streams;

        /// <summary>Those that have not come to their end.</summary>
        public IEnumerable<CaptureStream> Reading => streams.Where(stream => !stream.IsClosed);

        /// <summary>Compiling the rules of a service's own takes longer than the rest of its restart: only what has changed is.</summary>
        public Outcome<Done> Configure(OutputSpec wanted, List<string> words)
        {
            if (ReferenceEquals(wanted, spec) && words.SequenceEqual(secrets)) return Outcome.Done;
            var configured = capture.Configure(wanted, words);
            if (configured.IsOk) (spec, secrets) = (wanted, words);
            return configured;
        }

        public void Add(CapturePump pump, PipeReadEnd output, PipeReadEnd error)
        {
            streams.RemoveAll(s => s.Ended.IsCompleted);
            Add(pump, StreamKind.Stdout, output);
            Add(pump, StreamKind.Stderr, error);
        }

        public void Add(CapturePump pump, StreamKind kind, PipeReadEnd pipe, StreamHandover? earlier = null)
        {
            var stream = capture.Attach(kind, pipe);
            if (earlier is not null) stream.TakeOver(earlier);
            streams.Add(stream);
            pump.Add(stream);
        }
    }
}
