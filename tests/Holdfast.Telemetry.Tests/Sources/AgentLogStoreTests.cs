using System.Text;
using System.Text.Json;
using Holdfast.Core.Redaction;
using Holdfast.Core.Services;
using Holdfast.Segments;
using Holdfast.Telemetry.Sources.Agent;
using Holdfast.Testing;

namespace Holdfast.Telemetry.Tests.Sources;

/// <summary>What the agent says of itself, in segments: never at the agent's cost, and what is not there is counted.</summary>
public sealed class AgentLogStoreTests : IDisposable
{
    private static readonly DateTimeOffset at = new(2026, 11, 27, 15, 0, 1, TimeSpan.Zero);

    private readonly string root = Directory.CreateTempSubdirectory("holdfast-agent-log-").FullName;

    private string Folder => Path.Combine(root, "agent");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Law10_lines_are_of_the_schema_in_order_and_without_what_must_not_be_readable()
    {
        Directory.CreateDirectory(Folder);
        using (var store = Open())
        {
            store.Add(new(at, "info", "Holdfast.Node.Hosting.Agent", 1101, "Agent 1.0 is ready"));
            store.Add(new(at, "error", "Holdfast.Node", 0, "card 4111111111111111 \"quoted\"\nand more", new("System.Exception", "no", "at a\nat b")));
        }

        var (lines, lost) = Read();
        Assert.Equal(0, lost);
        using var first = JsonDocument.Parse(lines[0]);
        Assert.Equal(
            ("2026-11-27T15:00:01.0000000Z", "info", "Holdfast.Node.Hosting.Agent", "1101", "Agent 1.0 is ready"),
            (Text(first, "@timestamp"), Text(first, "log.level"), Text(first, "log.logger"), Text(first, "event.code"), Text(first, "message")));
        using var second = JsonDocument.Parse(lines[1]);
        Assert.Equal(("card [redacted:pan] \"quoted\"\nand more", "System.Exception", "no", "at a\nat b"), (Text(second, "message"), Text(second, "error.type"), Text(second, "error.message"), Text(second, "error.stack_trace")));
        Assert.False(second.RootElement.TryGetProperty("event.code", out _));
    }

    [Fact]
    public async Task Law06_what_comes_faster_than_it_is_written_is_counted_and_nobody_waits()
    {
        Directory.CreateDirectory(Folder);
        const int said = 50_000;
        using (var store = Open())
        {
            await Parallel.ForAsync(0, said, (number, _) =>
            {
                store.Add(new(at, "info", "Test", 1, $"{number} {new string('x', 200)}"));
                return ValueTask.CompletedTask;
            });
        }

        var (lines, lost) = Read();
        Assert.Equal(said, lines.Count + lost);
        Assert.Equal(lines.Count, lines.Distinct().Count());
    }

    [Fact]
    public void Law06_what_is_more_than_may_wait_is_counted_and_what_comes_after_it_is_kept()
    {
        Directory.CreateDirectory(Folder);
        using (var store = Open())
        {
            store.Add(new(at, "info", "Test", 1, new string('x', 3 << 20)));
            store.Add(new(at, "info", "Test", 1, "kept"));
        }

        var (lines, lost) = Read();
        Assert.Equal((1, 1L), (lines.Count, lost));
    }

    [Fact]
    public async Task Law06_what_the_disk_does_not_take_is_told_as_lost_when_it_does_again()
    {
        // Where the folder should be stands a file.
        File.WriteAllText(Folder, "");
        using (var store = Open())
        {
            store.Add(new(at, "info", "Test", 1, "lost one"));
            await Eventually.SeeAsync("that it is not kept", () => store.Trouble is not null);
            store.Miss();
            File.Delete(Folder);
            Directory.CreateDirectory(Folder);
            store.Add(new(at, "info", "Test", 1, "kept"));
            await Eventually.SeeAsync("that it is kept", () => store.Trouble is null);
        }

        var (lines, lost) = Read();
        Assert.Equal(2, lost);
        Assert.Contains("kept", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_end_is_cut_and_what_is_said_after_the_end_is_nobodys_trouble()
    {
        Directory.CreateDirectory(Folder);
        var store = Open();
        store.Add(new(at, "info", "Test", 1, new string('x', 1 << 20)));
        store.Dispose();
        store.Add(new(at, "info", "Test", 1, "too late"));
        store.Dispose();
        using var line = JsonDocument.Parse(Assert.Single(Read().Lines));
        Assert.EndsWith("… (1048576 characters)", Text(line, "message"), StringComparison.Ordinal);
    }

    private AgentLogStore Open() => new(Folder, RedactionRules.Create(new RedactionSpec(), []).Value, new SegmentPolicy(), TimeProvider.System);

    private static string Text(JsonDocument line, string name) => line.RootElement.GetProperty(name).GetString()!;

    private (List<string> Lines, long Lost) Read()
    {
        var (lines, lost) = (new List<string>(), 0L);
        using var reader = SegmentReader.Open(Folder, SegmentStart.Beginning, TimeProvider.System);
        while (reader.TryRead(out var block))
        {
            lost += block.Loss?.Lines ?? 0;
            if (block.Loss is not null) continue;
            Assert.Equal(StreamKind.Agent, block.Stream);
            foreach (var line in block.Split()) lines.Add(Encoding.UTF8.GetString(line.Text.Span));
        }

        return (lines, lost);
    }
}
