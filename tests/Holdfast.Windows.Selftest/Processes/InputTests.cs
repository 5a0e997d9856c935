using Holdfast.Platform;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Patients;

namespace Holdfast.Windows.Selftest.Processes;

/// <summary>The conformance suite's cases of input, with patients that Windows runs.</summary>
public sealed class InputTests
{
    [Fact]
    public void A_megabyte_of_input_comes_through_a_small_pipe_whole_and_ends_where_the_pipe_does()
    {
        using var host = new HostHarness();
        using var output = Pipe.Create();
        var (process, feed) = host.StartFed(Patient.Launch("count") with { Stdout = output.Write.Handle });
        output.Write.Dispose();
        host.Give(feed, new byte[1 << 20]);
        feed.Dispose();
        Assert.Equal("1048576", HostHarness.ReadToEnd(output.Read));
        Assert.Equal(0, host.ExitOf(process).Code);
    }

    [Fact]
    public void Input_that_nobody_reads_makes_nobody_wait()
    {
        using var host = new HostHarness();
        var (process, feed) = host.StartFed(Patient.Launch("sleep"));
        using (feed)
        {
            Assert.InRange(feed.Fill(), 1, 1 << 20);
            Assert.Equal(FeedState.Full, feed.Write("x"u8).State);
            Assert.True(host.Host.Signal(process, "KILL").IsOk);
            host.ExitOf(process);
            host.WaitForRoom(feed);
            Assert.Equal(FeedState.Closed, feed.Write("x"u8).State);
        }
    }

    [Fact]
    public void An_end_of_the_input_is_one_whatever_else_was_started_meanwhile()
    {
        using var host = new HostHarness();
        using var output = Pipe.Create();
        var (process, feed) = host.StartFed(Patient.Launch("count") with { Stdout = output.Write.Handle });
        output.Write.Dispose();
        host.StartPatient(host.Open("other"), "sleep");
        host.Give(feed, "all of it\n"u8);
        feed.Dispose();
        Assert.Equal("10", HostHarness.ReadToEnd(output.Read));
        Assert.Equal(0, host.ExitOf(process).Code);
    }

    [Fact]
    public void Input_that_was_under_way_when_its_pipe_is_given_up_does_no_harm()
    {
        using var host = new HostHarness();
        var (_, feed) = host.StartFed(Patient.Launch("sleep"));
        feed.Fill();
        feed.Dispose();
        feed.Dispose();
    }
}
