using System.Text;

namespace Holdfast.Platform.Tests.Waiting;

public sealed class ReadinessTests : IDisposable
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(20);

    private readonly Readiness readiness = Readiness.Create();
    private readonly Pipe pipe = Pipe.Create();
    private readonly ReadyEvent[] events = new ReadyEvent[8];

    public void Dispose()
    {
        pipe.Dispose();
        readiness.Dispose();
    }

    [Fact]
    public void Bytes_in_a_pipe_are_reported_with_its_token_until_they_are_read()
    {
        readiness.Add(pipe.Read.Handle, 42);
        Write("hello");

        Assert.Equal(1, readiness.Wait(events, Generous));
        Assert.Equal(new ReadyEvent(42, Readable: true, HangUp: false), events[0]);
        Assert.Equal(1, readiness.Wait(events, Generous));

        var buffer = new byte[64];
        Assert.Equal(new ReadResult(ReadState.Data, 5), pipe.Read.Read(buffer));
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, 5));
        Assert.Equal(new ReadResult(ReadState.WouldBlock, 0), pipe.Read.Read(buffer));
        Assert.Equal(0, readiness.Wait(events, TimeSpan.Zero));
    }

    [Fact]
    public void The_last_bytes_and_the_hang_up_come_together_and_then_the_end()
    {
        readiness.Add(pipe.Read.Handle, 7);
        Write("bye");
        pipe.Write.Dispose();

        Assert.Equal(1, readiness.Wait(events, Generous));
        Assert.Equal(new ReadyEvent(7, Readable: true, HangUp: true), events[0]);
        Assert.Equal(ReadState.Data, pipe.Read.Read(new byte[64]).State);
        Assert.Equal(ReadState.End, pipe.Read.Read(new byte[64]).State);
    }

    [Fact]
    public void A_removed_handle_is_not_reported_and_removing_again_or_after_closing_is_harmless()
    {
        readiness.Add(pipe.Read.Handle, 1);
        Write("x");
        readiness.Remove(pipe.Read.Handle);
        readiness.Remove(pipe.Read.Handle);
        Assert.Equal(0, readiness.Wait(events, TimeSpan.Zero));

        pipe.Read.Dispose();
        readiness.Remove(pipe.Read.Handle);
    }

    [Fact]
    public async Task Waking_ends_a_wait_that_would_last_for_ever()
    {
        var waiting = Task.Run(() => readiness.Wait(events, Timeout.InfiniteTimeSpan));
        readiness.Wake();
        Assert.Equal(0, await waiting.WaitAsync(Generous, TimeProvider.System));
    }

    [Fact]
    public void More_ready_handles_than_room_are_all_reported_in_turn()
    {
        var pipes = Enumerable.Range(0, 20).Select(_ => Pipe.Create()).ToList();
        for (var i = 0; i < pipes.Count; i++)
        {
            readiness.Add(pipes[i].Read.Handle, i);
            WriteTo(pipes[i], "x");
        }

        var seen = new HashSet<long>();
        for (var turn = 0; turn < 100 && seen.Count < pipes.Count; turn++)
        {
            var count = readiness.Wait(events, Generous);
            for (var i = 0; i < count; i++)
            {
                seen.Add(events[i].Token);
                pipes[(int)events[i].Token].Read.Read(new byte[8]);
            }
        }

        Assert.Equal(pipes.Count, seen.Count);
        pipes.ForEach(p => p.Dispose());
    }

    private void Write(string text) => WriteTo(pipe, text);

    private static void WriteTo(Pipe pipe, string text) => pipe.Write.Write(Encoding.UTF8.GetBytes(text));
}
