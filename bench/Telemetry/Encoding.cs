using Holdfast.Core.Shipping;

namespace Holdfast.Bench.Telemetry;

/// <summary>Lines into events of the Elastic Common Schema, as a sink's reading does it: blocks of lines under one time, into a buffer that is used again.</summary>
internal static class Encoding
{
    private const int Rounds = 15, Blocks = 400, Lines = 650;

    private static readonly EventStream stream = new("node-1", "payments-0", "payments");

    public static void Run()
    {
        var text = "2026-11-25T16:12:16.123Z INFO  request 0f3a served in 12 ms: GET /orders/4711 -> 200 (route-b, 2 r)"u8.ToArray();
        var json = """{"time":"2026-11-25T16:12:16.123Z","level":"info","msg":"request served","request":"0f3a","took_ms":12,"status":200}"""u8.ToArray();
        Report("text", (buffer, template, number) =>
        {
            EventWriter.Begin(buffer, template, number, text);
            EventWriter.End(buffer);
        });
        Report("json", (buffer, template, number) => JsonLine.TryWrite(buffer, template, number, json));
    }

    private static void Report(string name, Action<EventBuffer, EventTemplate, long> encode)
    {
        var template = new EventTemplate(new(stream, stream.IdsBegin(Guid.Empty)));
        var buffer = new EventBuffer(1 << 20);
        List<double> took = [];
        long allocated = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var began = TimeProvider.System.GetTimestamp();
            for (var block = 0; block < Blocks; block++)
            {
                buffer.Clear();
                template.Of(DateTimeOffset.UnixEpoch.AddSeconds(block), "stdout"u8);
                for (var line = 0; line < Lines; line++) encode(buffer, template, (block * Lines) + line + 1);
            }

            took.Add(TimeProvider.System.GetElapsedTime(began).TotalNanoseconds / (Blocks * Lines));
            // The first rounds are compiled while they run.
            if (round >= Rounds / 2) allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        took.Sort();
        Console.WriteLine(FormattableString.Invariant($"{name} {took[Rounds / 2]:0} {(double)allocated / ((Rounds - (Rounds / 2)) * Blocks * Lines):0.###}"));
    }
}
