using Google.Protobuf.WellKnownTypes;
using Holdfast.Node.Api;
using Holdfast.Rpc.V1;
using Holdfast.Segments;
using Holdfast.Telemetry.Metrics;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Node.Shipping;

/// <summary>What became of every line, from the sinks' cursors and the ends of the segments.</summary>
internal sealed class LedgerReading(ShippingKeeper shipping, Func<IReadOnlyList<Core.Problems.Problem>> ofSources)
{
    private readonly SegmentEnds ends = new();

    /// <param name="sink">Empty: all.</param>
    /// <param name="service">Empty: all, and the node's own streams.</param>
    public LedgerResponse Read(string sink, string service)
    {
        var response = new LedgerResponse { Problems = { shipping.Problems.Concat(ofSources()).Select(ProblemTranslation.ToWire) } };
        foreach (var named in shipping.Sinks.Where(one => sink.Length == 0 || one.Name == sink))
        {
            var status = named.Shipper.Status;
            response.Sinks.Add(new SinkLedger
            {
                Name = named.Name,
                Kind = named.Kind,
                Trouble = status.Trouble?.Why ?? "",
                TroubleSince = status.Trouble is { } trouble ? Timestamp.FromDateTimeOffset(trouble.Since) : null,
                DeliveredEvents = status.DeliveredEvents,
                Failures = status.Failures,
                Streams = { status.Streams.Where(one => service.Length == 0 || one.Stream.Service == service).Select(Stream) },
            });
        }

        return response;
    }

    /// <summary>Null: there is none of that name.</summary>
    public NamedSink? Find(string sink) => shipping.Sinks.FirstOrDefault(one => one.Name == sink);

    /// <summary>The same, for the page of metrics.</summary>
    public IReadOnlyList<MeasuredSink> Measure() =>
    [
        .. shipping.Sinks.Select(named => (named.Name, named.Shipper.Status)).Select(sink => new MeasuredSink(
            sink.Name, sink.Status.Trouble is not null, sink.Status.Failures, [.. sink.Status.Streams.Select(one => (one.Stream, one.Count, Written(one)))])),
    ];

    private StreamLedger Stream(StreamStanding standing)
    {
        var count = standing.Count;
        var written = Written(standing);
        return new()
        {
            Stream = standing.Stream.Name,
            Service = standing.Stream.Service ?? "",
            Produced = count.Produced(written),
            Delivered = count.Delivered,
            Queued = count.Queued(written),
            Dead = count.PutAside,
            Lost = count.Lost,
        };
    }

    /// <summary>The cursor was read before the end is: what is written in between is queued, and never less than nothing.</summary>
    private long Written(StreamStanding standing)
    {
        try
        {
            return Math.Max(ends.NextSequence(standing.Folder), standing.Count.Next);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was removed with its service: nothing more is to come.
            return standing.Count.Next;
        }
    }
}
