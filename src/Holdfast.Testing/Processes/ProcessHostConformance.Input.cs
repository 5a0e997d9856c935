using Holdfast.Platform;
using Xunit;

namespace Holdfast.Testing.Processes;

public abstract partial class ProcessHostConformance
{
    [Fact]
    public void A_megabyte_of_input_comes_through_a_small_pipe_whole_and_ends_where_the_pipe_does()
    {
        using var host = NewHost();
        using var output = Pipe.Create();
        var (process, feed) = host.StartFed(HostHarness.Shell("wc -c") with { Stdout = output.Write.Handle });
        output.Write.Dispose();
        host.Give(feed, new byte[1 << 20]);
        feed.Dispose();
        Assert.Equal("1048576", HostHarness.ReadToEnd(output.Read).Trim());
        Assert.Equal(0, host.ExitOf(process).Code);
    }

    [Fact]
    public void Input_that_nobody_reads_makes_nobody_wait()
    {
        using var host = NewHost();
        var (process, feed) = host.StartFed(HostHarness.Shell("exec sleep 1000"));
        using (feed)
        {
            Assert.InRange(feed.Fill(), 1, 1 << 20);
            Assert.Equal(FeedState.Full, feed.Write("x"u8).State);
            Assert.True(host.Host.Signal(process, "KILL").IsOk);
            host.ExitOf(process);
            // Its end makes the wait for room an end, too.
            host.WaitForRoom(feed);
            Assert.Equal(FeedState.Closed, feed.Write("x"u8).State);
        }
    }

    [Fact]
    public void An_end_of_the_input_is_one_whatever_else_was_started_meanwhile()
    {
        using var host = NewHost();
        using var output = Pipe.Create();
        var (process, feed) = host.StartFed(HostHarness.Shell("cat; echo end") with { Stdout = output.Write.Handle });
        output.Write.Dispose();
        host.Start(host.Open("other"), "exec sleep 1000");
        host.Give(feed, "all of it\n"u8);
        feed.Dispose();
        Assert.Equal("all of it\nend\n", HostHarness.ReadToEnd(output.Read));
        Assert.Equal(0, host.ExitOf(process).Code);
    }
}
