using System.IO.Pipes;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Sinks.StandardOutput;

namespace Holdfast.Telemetry.Tests.Sinks;

/// <summary>A pipe, as whoever starts the process would read from.</summary>
public sealed class StandardOutputSinkTests
{
    [Fact]
    public async Task Events_are_lines_and_only_those_that_are_asked_for()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        await using var sink = new StandardOutputSink(() => Writing(pipe));
        var batch = Batches.Of("one", "two", "three");
        Assert.IsType<Delivery.All>(await sink.DeliverAsync(batch, Batches.All(batch), CancellationToken.None));
        Assert.IsType<Delivery.All>(await sink.DeliverAsync(batch, [1], CancellationToken.None));
        await sink.DisposeAsync();
        pipe.DisposeLocalCopyOfClientHandle();
        using var reader = new StreamReader(pipe);
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([1, 2, 3, 2], lines.Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!["event.sequence"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_reader_that_has_gone_is_trouble_and_the_next_one_gets_all()
    {
        using var gone = new AnonymousPipeServerStream(PipeDirection.In);
        var open = Writing(gone);
        using var next = new AnonymousPipeServerStream(PipeDirection.In);
        var streams = new Queue<Stream>([open, Writing(next)]);
        await using var sink = new StandardOutputSink(streams.Dequeue);
        var batch = Batches.Of("one");
        await gone.DisposeAsync();
        var nothing = Assert.IsType<Delivery.Nothing>(await sink.DeliverAsync(batch, [0], CancellationToken.None));
        Assert.StartsWith("standard output: ", nothing.Why, StringComparison.Ordinal);
        Assert.IsType<Delivery.All>(await sink.DeliverAsync(batch, [0], CancellationToken.None));
    }

    [Fact]
    public async Task A_pipe_that_nobody_empties_keeps_nobody_from_ending()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        await using var sink = new StandardOutputSink(() => Writing(pipe));
        var batch = Batches.Of(new string('x', 2 << 20));
        using var ending = new CancellationTokenSource();
        var delivering = sink.DeliverAsync(batch, [0], ending.Token);
        Assert.False(delivering.IsCompleted);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivering);
    }

    private static FileStream Writing(AnonymousPipeServerStream pipe) => new(new Microsoft.Win32.SafeHandles.SafeFileHandle(pipe.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false), FileAccess.Write, bufferSize: 0);
}
