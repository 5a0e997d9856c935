using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
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

    private Outcome<InstanceOutput> Open(InstancePlan plan, IReadOnlyList<byte[]> secrets)
    {
        var words = secrets.Select(s => Encoding.UTF8.GetString(s).Trim('\r', '\n')).Where(s => s.Length > 0).ToList();
        if (outputs.TryGetValue(plan.Instance, out var known))
            return known.Capture.Configure(plan.Spec.Output, words).Then(_ => Outcome.Of(known));
        var made = OutputCapture.Create(plan.OutputFolder, plan.Spec.Output, words, new Observer(plan.Instance, note, synced, time), time, recalled.GetValueOrDefault(plan.Instance));
        if (!made.TryGet(out var capture)) return Outcome.Failed<InstanceOutput>(made.Problems);
        return outputs[plan.Instance] = new InstanceOutput(capture);
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
    private sealed class InstanceOutput(OutputCapture capture)
    {
        private readonly List<CaptureStream> streams = [];

        public OutputCapture Capture => capture;

        public IReadOnlyList<CaptureStream> Streams => streams;

        public void Add(CapturePump pump, PipeReadEnd output, PipeReadEnd error)
        {
            streams.RemoveAll(s => s.Ended.IsCompleted);
            foreach (var stream in new[] { capture.Attach(StreamKind.Stdout, output), capture.Attach(StreamKind.Stderr, error) })
            {
                streams.Add(stream);
                pump.Add(stream);
            }
        }
    }
}
