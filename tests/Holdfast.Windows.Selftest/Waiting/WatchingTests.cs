using Holdfast.Platform;
using Holdfast.Windows.Selftest.Patients;

namespace Holdfast.Windows.Selftest.Waiting;

/// <summary>What is particular to waiting on Windows; the rest is Shared/ReadinessTests.</summary>
public sealed class WatchingTests : IDisposable
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(20);

    private readonly Readiness readiness = Readiness.Create();
    private readonly ReadyEvent[] events = new ReadyEvent[8];

    public void Dispose() => readiness.Dispose();

    [Fact]
    public void A_pipe_that_is_watched_again_is_told_again()
    {
        using var pipe = Pipe.Create();
        for (var round = 0; round < 3; round++)
        {
            readiness.Add(pipe.Read.Handle, round);
            Assert.Equal(0, readiness.Wait(events, TimeSpan.Zero));
            pipe.Write.Write("x"u8);
            Assert.Equal(1, readiness.Wait(events, Generous));
            Assert.Equal(round, events[0].Token);
            Assert.Equal(1, pipe.Read.Read(new byte[8]).Bytes);
            readiness.Remove(pipe.Read.Handle);
        }
    }

    [Fact]
    public void A_pipe_belongs_to_the_first_queue_that_watches_it()
    {
        using var pipe = Pipe.Create();
        readiness.Add(pipe.Read.Handle, 1);
        readiness.Remove(pipe.Read.Handle);
        using var other = Readiness.Create();
        Assert.Throws<IOException>(() => other.Add(pipe.Read.Handle, 1));
    }

    [Fact]
    public void A_pipe_that_nobody_reads_holds_its_writer_back()
    {
        using var pipe = Pipe.Create(4096);
        readiness.Add(pipe.Read.Handle, 1);
        var written = 0;
        var writer = new Thread(() =>
        {
            for (; written < 64; written++) pipe.Write.Write(new byte[1024]);
        });
        writer.Start();
        Assert.Equal(1, readiness.Wait(events, Generous));
        Assert.False(writer.Join(TimeSpan.FromMilliseconds(100)));
        for (var left = 64 * 1024; left > 0;) left -= pipe.Read.Read(new byte[8192]).Bytes;
        Assert.True(writer.Join(Generous));
    }

    [Fact]
    public void A_pipe_that_was_closed_while_it_was_watched_is_forgotten_without_harm()
    {
        var pipe = Pipe.Create();
        readiness.Add(pipe.Read.Handle, 1);
        pipe.Dispose();
        readiness.Wait(events, TimeSpan.FromMilliseconds(50));
        readiness.Remove(pipe.Read.Handle);
        Assert.Equal(0, readiness.Wait(events, TimeSpan.Zero));
    }

    [Fact]
    public void A_process_is_told_when_it_has_ended_and_for_as_long_as_it_is_watched()
    {
        var launch = Patient.Launch("exit", "5");
        using var held = HeldProcess.Start(launch.Executable, launch.Arguments, launch.Environment).Value;
        readiness.Add(held.Handle, 42);
        Assert.Equal(1, readiness.Wait(events, Generous));
        Assert.Equal(new ReadyEvent(42, true, false), events[0]);
        Assert.Equal(1, readiness.Wait(events, Generous));
        Assert.Equal(5, held.TakeExit()!.Value.Code);
        readiness.Remove(held.Handle);
        Assert.Equal(0, readiness.Wait(events, TimeSpan.Zero));
    }

    [Fact]
    public void More_handles_than_a_thread_of_Windows_can_wait_for_are_waited_for()
    {
        var signals = Enumerable.Range(0, 200).Select(_ => new ManualResetEvent(false)).ToList();
        for (var i = 0; i < signals.Count; i++) readiness.Add(signals[i].SafeWaitHandle, i);
        Assert.Equal(0, readiness.Wait(events, TimeSpan.Zero));
        signals[199].Set();
        Assert.Equal(1, readiness.Wait(events, Generous));
        Assert.Equal(199, events[0].Token);
        signals.ForEach(signal =>
        {
            readiness.Remove(signal.SafeWaitHandle);
            signal.Dispose();
        });
    }
}
