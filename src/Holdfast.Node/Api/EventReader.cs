using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Rpc.V1;
using Holdfast.Segments;

namespace Holdfast.Node.Api;

/// <summary>
/// Reads instance events from the journals of the home's supervisors, of one service or of all. Each journal is in order; what several
/// hold is put into the order of its time.
/// </summary>
internal sealed class EventReader(Home home, string service, TimeProvider time) : IDisposable
{
    /// <summary>A service may be given a supervisor, and so a journal, of its own at any time.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<string, JournalReader> readers = new(StringComparer.Ordinal);

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
        foreach (var place in SupervisorPlace.AllOf(home))
        {
            if (!readers.ContainsKey(place.Journal) && (place.IsShared || ((service.Length == 0 || place.Service == service) && Directory.Exists(place.Journal))))
                readers[place.Journal] = JournalReader.Open(place.Journal, 0, time);
        }

        return readers.Count == 1 ? Read(readers.Values.First()) : Merge([.. readers.Values.Select(reader => Read(reader).GetEnumerator())]);
    }

    /// <summary>Earliest first, and no more in memory than one event of each journal.</summary>
    private static IEnumerable<Event> Merge(List<IEnumerator<Event>> journals)
    {
        journals.RemoveAll(journal => !journal.MoveNext());
        while (journals.MinBy(journal => journal.Current.At.ToDateTimeOffset()) is { } next)
        {
            yield return next.Current;
            if (!next.MoveNext())
                journals.Remove(next);
        }
    }

    private IEnumerable<Event> Read(JournalReader reader)
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
    public async Task WaitAsync(CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var waits = readers.Values.Select(reader => reader.WaitAsync(enough.Token)).Append(Task.Delay(LookAgain, time, enough.Token)).ToList();
        var first = await Task.WhenAny(waits);
        await enough.CancelAsync();
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    public void Dispose()
    {
        foreach (var reader in readers.Values)
            reader.Dispose();
    }

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
