using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Supervision;
using Holdfast.Rpc.V1;
using Holdfast.Segments;

namespace Holdfast.Node.Api;

/// <summary>Reads instance events from the supervisor's journal, of one service or of all.</summary>
internal sealed class EventReader(string journal, string service, TimeProvider time) : IDisposable
{
    private readonly JournalReader reader = JournalReader.Open(journal, 0, time);

    /// <summary>Whether an event of the service has been read, told or not.</summary>
    public bool HasAny { get; private set; }

    /// <summary>The last <paramref name="count"/> events there are; negative: all.</summary>
    public IReadOnlyCollection<Event> ReadTail(int count)
    {
        if (count < 0)
            return [.. Read()];
        var last = new Queue<Event>();
        foreach (var happened in Read())
        {
            last.Enqueue(happened);
            if (last.Count > count)
                last.Dequeue();
        }

        return last;
    }

    /// <summary>What has come since the last reading.</summary>
    public IEnumerable<Event> Read()
    {
        while (reader.TryRead() is { } record)
        {
            if (record.Lost is { } lost)
                yield return new() { Sequence = record.Sequence, At = Timestamp.FromDateTimeOffset(record.At), Kind = "lost", Reason = lost.ToString() };
            else if (JsonSerializer.Deserialize(record.Json.Span, SupervisionJson.Default.InstanceEvent) is { } happened && (service.Length == 0 || happened.Service == service))
            {
                HasAny = true;
                yield return Message(happened);
            }
        }
    }

    /// <summary>Returns when there may be more.</summary>
    public Task WaitAsync(CancellationToken cancel) => reader.WaitAsync(cancel);

    public void Dispose() => reader.Dispose();

    private static Event Message(InstanceEvent happened) => new()
    {
        Sequence = happened.Sequence,
        At = Timestamp.FromDateTimeOffset(happened.At),
        Service = happened.Service,
        Instance = happened.Instance,
        Release = happened.Release,
        Kind = happened.Kind,
        Reason = happened.Reason,
        Pid = happened.Pid ?? 0,
        Exit = happened.Exit?.ToString() ?? "",
    };
}
