using System.Text;
using Holdfast.Core.Redaction;
using Holdfast.Core.Services;
using Holdfast.Segments;
using Holdfast.Telemetry.Sources.EventPipe;

namespace Holdfast.Telemetry.Tests.Sources;

public sealed class EventPipeStoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-events-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Law06_and_10_events_are_kept_without_what_must_not_be_readable_and_what_was_dropped_is_a_loss()
    {
        using (var store = EventPipeStore.Open(folder, RedactionRules.Create(new RedactionSpec(), []).Value, new SegmentPolicy(), TimeProvider.System).Value)
        {
            store.Add("{\"message\":\"one\"}\n"u8.ToArray());
            store.Add("{\"message\":\"card 4111111111111111\"}\n"u8.ToArray());
            store.Lose(3);
            store.Add("{\"message\":\"two\"}\n"u8.ToArray());
            Assert.Null(store.Trouble);
        }

        using var reader = SegmentReader.Open(folder, SegmentStart.Beginning, TimeProvider.System);
        var lines = new List<string>();
        var lost = 0L;
        while (reader.TryRead(out var block))
        {
            lost += block.Loss?.Lines ?? 0;
            if (block.Loss is not null) continue;
            foreach (var line in block.Split()) lines.Add($"{line.Stream.Name()} {Encoding.UTF8.GetString(line.Text.Span)}");
        }

        Assert.Equal(["event {\"message\":\"one\"}", "event {\"message\":\"card [redacted:pan]\"}", "event {\"message\":\"two\"}"], lines);
        Assert.Equal((3L, 7L), (lost, reader.NextSequence));
    }
}
