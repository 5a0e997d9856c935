using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Supervisor.Capture;

namespace Holdfast.Supervisor.Tests.Capture;

public sealed class OverflowTests
{
    [Fact]
    public void Law06_what_cannot_be_written_is_counted_and_told_where_it_is_missing()
    {
        using var capture = new CaptureFixture();
        var stdout = capture.Attach();
        capture.BreakDisk();
        capture.Write(stdout, "lost one\nlost two\n", "lost three\n");
        Assert.NotNull(capture.Output.Status.Trouble);
        Assert.Equal(3, capture.Output.Status.LinesDropped);
        Assert.Single(capture.Troubles);

        capture.MendDisk();
        capture.Time.Advance(TimeSpan.FromSeconds(5));
        capture.Write(stdout, "kept\n");
        var stored = capture.Stored();
        Assert.StartsWith("holdfast 3 lines (29 bytes) of stdout lost: cannot", stored[0], StringComparison.Ordinal);
        Assert.Equal("stdout kept", stored[1]);
        var status = capture.Output.Status;
        Assert.Equal((4, 1, 3, null), (status.LinesRead, status.LinesWritten, status.LinesDropped, status.Trouble));
        var recovery = Assert.Single(capture.Recoveries);
        Assert.Equal((3, TimeSpan.FromSeconds(5)), (recovery.LinesDropped, recovery.Lasted));
    }

    [Fact]
    public void A_loss_is_told_without_a_further_line()
    {
        using var capture = new CaptureFixture();
        var stdout = capture.Attach();
        capture.BreakDisk();
        capture.Write(stdout, "lost\n");
        capture.MendDisk();
        capture.Time.Advance(TimeSpan.FromSeconds(2));
        capture.Output.Tend();
        Assert.Contains("1 line (5 bytes) of stdout lost", Assert.Single(capture.Stored()), StringComparison.Ordinal);
        Assert.Null(capture.Output.Status.Trouble);
    }

    [Fact]
    public void Law06_with_the_block_policy_nothing_is_lost_and_the_wait_is_counted()
    {
        using var capture = new CaptureFixture(new OutputSpec { OnFull = OverflowPolicy.Block });
        var stdout = capture.Attach();
        capture.BreakDisk();
        capture.Write(stdout, "one\ntw");
        Assert.Equal(CaptureStep.Held, capture.Read(stdout.Stream));
        stdout.Pipe.Write.Write("o\nthree"u8);
        Assert.Equal(CaptureStep.Held, capture.Read(stdout.Stream));
        capture.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), capture.Output.Status.Blocked);
        Assert.Equal(CaptureStep.Held, stdout.Stream.Retry());

        capture.MendDisk();
        Assert.Equal(CaptureStep.Read, stdout.Stream.Retry());
        Assert.Equal(CaptureStep.Ended, capture.End(stdout));
        Assert.Equal(["stdout one", "stdout two", "stdout three~"], capture.Stored());
        var status = capture.Output.Status;
        Assert.Equal((3, 3, 0, TimeSpan.FromSeconds(3)), (status.LinesRead, status.LinesWritten, status.LinesDropped, status.Blocked));
    }

    [Fact]
    public void Law06_lines_beyond_the_rate_are_counted_and_told_as_those_that_a_disk_does_not_take()
    {
        using var capture = new CaptureFixture(new OutputSpec { Rate = new() { Lines = 10, Burst = 2 } });
        var stdout = capture.Attach();
        capture.Write(stdout, "one\n", "two\n", "three\n", "four\n");
        Assert.Contains("more than 10 lines a second", capture.Output.Status.Trouble, StringComparison.Ordinal);
        Assert.Equal((4, 2, 2), (capture.Output.Status.LinesRead, capture.Output.Status.LinesWritten, capture.Output.Status.LinesDropped));
        capture.Time.Advance(TimeSpan.FromSeconds(2));
        capture.Write(stdout, "five\n");
        Assert.Equal(["stdout one", "stdout two"], capture.Stored()[..2]);
        Assert.Contains("2 lines (11 bytes) of stdout lost: it writes more than 10 lines a second", capture.Stored()[2], StringComparison.Ordinal);
        Assert.Equal("stdout five", capture.Stored()[3]);
        Assert.Null(capture.Output.Status.Trouble);
        Assert.Single(capture.Troubles);
    }

    [Fact]
    public void Law06_with_the_block_policy_a_service_beyond_its_rate_waits_and_loses_nothing()
    {
        using var capture = new CaptureFixture(new OutputSpec { OnFull = OverflowPolicy.Block, Rate = new() { Lines = 10, Burst = 1 } });
        var stdout = capture.Attach();
        capture.Write(stdout, "one\n");
        stdout.Pipe.Write.Write("two\n"u8);
        Assert.Equal(CaptureStep.Held, capture.Read(stdout.Stream));
        Assert.Equal(CaptureStep.Held, stdout.Stream.Retry());
        capture.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(CaptureStep.Read, stdout.Stream.Retry());
        Assert.Equal(["stdout one", "stdout two"], capture.Stored());
        Assert.Equal((0, TimeSpan.FromMilliseconds(100)), (capture.Output.Status.LinesDropped, capture.Output.Status.Blocked));
    }

    [Fact]
    public void Held_lines_of_a_stream_that_is_closed_are_counted_as_lost()
    {
        using var capture = new CaptureFixture(new OutputSpec { OnFull = OverflowPolicy.Block });
        var stdout = capture.Attach();
        capture.BreakDisk();
        capture.Write(stdout, "one\ntwo");
        capture.Abandon(stdout.Stream);
        capture.MendDisk();
        var status = capture.Output.Status;
        Assert.Equal((2, 0, 2), (status.LinesRead, status.LinesWritten, status.LinesDropped));
    }

    [Fact]
    public void Counts_go_on_from_earlier_ones()
    {
        var earlier = new CaptureStatus { LinesRead = 10, LinesWritten = 9, LinesDropped = 1, Redacted = new Dictionary<string, long> { ["pan"] = 7 } };
        using var capture = new CaptureFixture();
        using var output = OutputCapture.Create(capture.Folder, new(), [], capture, capture.Time, earlier).Value;
        var pipe = Platform.Pipe.Create();
        pipe.Write.Write("4111111111111111\n"u8);
        output.Attach(Segments.StreamKind.Stdout, pipe.Read).OnReadable(new());
        Assert.Equal((11, 10, 1, 8), (output.Status.LinesRead, output.Status.LinesWritten, output.Status.LinesDropped, output.Status.Redacted["pan"]));
    }
}
