using System.Text;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Tests.Sinks;

/// <summary>Batches as a shipper makes them.</summary>
internal static class Batches
{
    private static readonly EventStream stream = new("node-1", "payments-0", "payments");

    private static readonly string ids = stream.IdsBegin(Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"));

    private static readonly EventFields fields = new(stream, ids);

    public static EventBatch Of(params IReadOnlyList<string> messages)
    {
        var batch = new EventBatch();
        var number = batch.Begin(ids, stream.Name);
        var template = new EventTemplate(fields).Of(DateTimeOffset.UnixEpoch, "stdout"u8);
        for (var i = 0; i < messages.Count; i++)
        {
            var start = batch.Buffer.Length;
            EventWriter.Begin(batch.Buffer, template, i + 1, Encoding.UTF8.GetBytes(messages[i]));
            EventWriter.End(batch.Buffer);
            batch.Add(new(start, batch.Buffer.Length - start, number, i + 1, 1));
        }

        return batch;
    }

    public static IReadOnlyList<int> All(EventBatch batch) => [.. Enumerable.Range(0, batch.Events.Count)];
}
