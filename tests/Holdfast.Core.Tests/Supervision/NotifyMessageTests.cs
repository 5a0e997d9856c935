using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

public sealed class NotifyMessageTests
{
    [Fact]
    public void Every_line_that_is_known_is_read()
    {
        var message = Parse("READY=1\nSTATUS=Serving\nWATCHDOG=1\nSTOPPING=1\nRELOADING=1\nEXTEND_TIMEOUT_USEC=1500000\nMAINPID=42\nERRNO=2\nBARRIER=1\nX_OWN=1\n");
        Assert.Equal(
            new NotifyMessage
            {
                Ready = true,
                Status = "Serving",
                Watchdog = true,
                Stopping = true,
                Reloading = true,
                ExtendTimeout = TimeSpan.FromSeconds(1.5),
                MainPid = 42,
                Errno = 2,
                Barrier = true,
            },
            message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("READY=0")]
    [InlineData("READY")]
    [InlineData("=1")]
    [InlineData("ready=1")]
    [InlineData("MAINPID=-1")]
    [InlineData("MAINPID=99999999999")]
    [InlineData("EXTEND_TIMEOUT_USEC=soon")]
    public void What_makes_no_sense_says_nothing(string text) => Assert.True(Parse(text).IsEmpty);

    [Fact]
    public void An_extension_is_a_day_at_most() =>
        Assert.Equal(TimeSpan.FromDays(1), Parse($"EXTEND_TIMEOUT_USEC={ulong.MaxValue}").ExtendTimeout);

    [Fact]
    public void A_triggered_watchdog_is_not_a_sign_of_life()
    {
        var message = Parse("WATCHDOG=trigger");
        Assert.True(message.WatchdogTriggered);
        Assert.False(message.Watchdog);
    }

    [Fact]
    public void Control_characters_do_not_reach_an_operators_terminal() =>
        Assert.Equal("a [31mb", Parse("STATUS=a\u001b[31mb").Status);

    [Fact]
    public void Any_bytes_are_read_without_harm() => Prop.ForAll<byte[]>(bytes =>
    {
        var message = NotifyMessage.Parse(bytes);
        var status = NotifyMessage.Parse([.. "STATUS="u8, .. bytes]).Status!;
        return status.Length <= NotifyMessage.MaxStatusCharacters && !status.Any(char.IsControl) && message.MainPid is null or > 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_lines_does_not_matter() => Prop.ForAll(
        Gen.Shuffle(["READY=1", "STATUS=x", "WATCHDOG=1", "MAINPID=7", "ERRNO=5"]).ToArbitrary(),
        lines => Parse(string.Join('\n', lines)) == Parse("READY=1\nSTATUS=x\nWATCHDOG=1\nMAINPID=7\nERRNO=5")).QuickCheckThrowOnFailure();

    private static NotifyMessage Parse(string text) => NotifyMessage.Parse(Encoding.UTF8.GetBytes(text));
}
