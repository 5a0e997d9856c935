using System.Text.Json;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Sinks.Files;

namespace Holdfast.Telemetry.Tests.Sinks;

public sealed class FileSinkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-sink-").FullName;

    private string Path => System.IO.Path.Combine(folder, "events.jsonl");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Events_are_lines_of_json_and_a_next_run_goes_on_behind_them()
    {
        await DeliverAsync("one", "two");
        await DeliverAsync("three");
        Assert.Equal(["one", "two", "three"], Messages(Path));
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_written()
    {
        await using var sink = new FileSink(Path, 1 << 20, 2);
        Assert.IsType<Delivery.All>(await sink.DeliverAsync(Batches.Of("one", "two", "three"), [0, 2], CancellationToken.None));
        Assert.Equal(["one", "three"], Messages(Path));
    }

    [Fact]
    public async Task The_torn_end_that_a_crash_left_is_cut_off()
    {
        await DeliverAsync("one");
        await File.AppendAllTextAsync(Path, "{\"message\":\"tor");
        await DeliverAsync("two");
        Assert.Equal(["one", "two"], Messages(Path));
    }

    [Fact]
    public async Task A_large_file_is_renamed_and_the_oldest_leaves()
    {
        await using var sink = new FileSink(Path, 1, 2);
        foreach (var message in new[] { "one", "two", "three", "four" })
        {
            var batch = Batches.Of(message);
            await sink.DeliverAsync(batch, Batches.All(batch), CancellationToken.None);
        }

        Assert.Equal(["four", "three", "two"], [.. Messages(Path), .. Messages(Path + ".1"), .. Messages(Path + ".2")]);
        Assert.False(File.Exists(Path + ".3"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_delivers_nothing_and_says_why()
    {
        await using var sink = new FileSink(System.IO.Path.Combine(folder, "none", "events.jsonl"), 1 << 20, 2);
        var nothing = Assert.IsType<Delivery.Nothing>(await sink.DeliverAsync(Batches.Of("one"), [0], CancellationToken.None));
        Assert.Contains("cannot be written", nothing.Why, StringComparison.Ordinal);
    }

    private async Task DeliverAsync(params string[] messages)
    {
        await using var sink = new FileSink(Path, 1 << 20, 2);
        var batch = Batches.Of(messages);
        Assert.IsType<Delivery.All>(await sink.DeliverAsync(batch, Batches.All(batch), CancellationToken.None));
    }

    private static string[] Messages(string path) => [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()!)];
}
