using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Shipping;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Shipping;

/// <summary>
/// Events that a receiver refused for good, with its reason: a line of JSON each, in segments of their own. They are on disk before the sink's cursor passes them, so that none is lost; one
/// may be there twice after a crash, under the same id.
/// </summary>
internal sealed class DeadLetters(string folder, TimeProvider time) : IDisposable
{
    /// <summary>More than this leave from the oldest on, counted.</summary>
    private static readonly SegmentPolicy policy = new() { KeepBytes = 1L << 30, KeepAge = TimeSpan.FromDays(180) };

    private readonly EventBuffer buffer = new(4 << 10);
    private SegmentWriter? writer;

    /// <summary>On disk when it returns. Problems: <c>segments.*</c>.</summary>
    public Outcome<Done> Add(EventBatch batch, IReadOnlyList<RefusedEvent> refused)
    {
        if (refused.Count == 0) return Outcome.Done;
        if (writer is null)
        {
            var opened = SegmentWriter.Open(folder, policy, time);
            if (!opened.TryGet(out writer)) return Outcome.Failed<Done>(opened.Problems);
        }

        foreach (var one in refused)
        {
            buffer.Clear();
            buffer.Add("{\"reason\":\""u8);
            buffer.AddEscaped(Encoding.UTF8.GetBytes(one.Why));
            buffer.Add("\",\"stream\":\""u8);
            buffer.AddEscaped(Encoding.UTF8.GetBytes(batch.StreamOf(one.Event)));
            buffer.Add("\",\"lines\":"u8);
            buffer.AddNumber(batch.Events[one.Event].Lines);
            buffer.Add(",\"event\":"u8);
            buffer.Add(batch.Line(one.Event).Span);
            buffer.Add("}\n"u8);
            if (writer.Append(StreamKind.Journal, BlockFlags.None, time.GetUtcNow(), buffer.Written.Span, 1) is { } trouble) return trouble;
        }

        return writer.Sync() is { } unsynced ? unsynced : Outcome.Done;
    }

    public void Dispose() => writer?.Dispose();
}
