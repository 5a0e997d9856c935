using System.Text;
using Holdfast.Core.Shipping;

namespace Holdfast.Core.Tests.Shipping;

/// <summary>Stack traces as their runtimes write them: one event each, and the line after it another.</summary>
public sealed class StackTraceTests
{
    [Theory]
    [InlineData("Exception in thread \"main\" java.lang.RuntimeException: no\n\tat com.bank.Pay.main(Pay.java:3)\nCaused by: java.io.IOException: disk\n\tat com.bank.Disk.write(Disk.java:9)\n\t... 1 more")]
    [InlineData("Unhandled exception. System.InvalidOperationException: no\n ---> System.IO.IOException: disk\n   at Bank.Disk.Write() in /src/Disk.cs:line 9\n   --- End of inner exception stack trace ---\n   at Bank.Pay.Main() in /src/Pay.cs:line 3\n--- End of stack trace from previous location ---\n   at Bank.Run()")]
    [InlineData("panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.pay(0xc000012345, 0x7)\n\t/src/pay.go:7 +0x1d\nmain.main()\n\t/src/main.go:3 +0x20\nexit status 2")]
    [InlineData("fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()\n\t/src/main.go:3 +0x20\ncreated by main.begin\n\t/src/main.go:9 +0x30")]
    public void A_trace_is_one_event_and_what_follows_another(string trace) =>
        Assert.Equal(["before it", trace, "after it"], Events($"before it\n{trace}\nafter it"));

    [Fact]
    public void Ordinary_lines_are_events_of_their_own() =>
        Assert.Equal(["one", "", "two", "main.go: compiled (3 files)", "three"], Events("one\n\ntwo\nmain.go: compiled (3 files)\nthree"));

    [Fact]
    public void An_empty_line_with_spaces_continues_nothing() => Assert.Equal(["one", "   ", "two"], Events("one\n   \ntwo"));

    private static List<string> Events(string text)
    {
        var events = new List<string>();
        var isGo = false;
        foreach (var line in text.Split('\n'))
        {
            if (StackTrace.Continues(Encoding.UTF8.GetBytes(line), ref isGo) && events.Count > 0) events[^1] += "\n" + line;
            else events.Add(line);
        }

        return events;
    }
}
