using System.Text.Json;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;
using Holdfast.Telemetry.Sinks;

namespace Holdfast.Telemetry.Tests.Shipping;

/// <summary>A receiver in memory, named as a fake: it takes, refuses and fails as it is told, and keeps what it has.</summary>
internal sealed class MemorySink : ISink
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> documents = new(StringComparer.Ordinal);

    /// <summary>What it says to the events that it is asked for; null: it takes all of them.</summary>
    public Func<EventBatch, IReadOnlyList<int>, Delivery?>? Answer { get; set; }

    /// <summary>How often an event came that it had.</summary>
    public int Repeated { get; private set; }

    public IReadOnlyDictionary<string, string> Documents
    {
        get
        {
            lock (gate) return documents.ToDictionary();
        }
    }

    public IEnumerable<string> Messages => Documents.Values.Select(text =>
    {
        using var read = JsonDocument.Parse(text);
        return read.RootElement.GetProperty("message").GetString()!;
    });

    public Task<Delivery> DeliverAsync(EventBatch batch, IReadOnlyList<int> asked, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var answer = Answer?.Invoke(batch, asked);
        lock (gate)
        {
            for (var i = 0; i < asked.Count; i++)
            {
                if (answer is Delivery.Nothing or Delivery.TooMuch || (answer is Delivery.Each each && each.Answers[i].End != EventEnd.Delivered)) continue;
                if (!documents.TryAdd(batch.Id(asked[i]), System.Text.Encoding.UTF8.GetString(batch.Line(asked[i]).Span))) Repeated++;
            }
        }

        return Task.FromResult(answer ?? Delivery.All.Of);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
