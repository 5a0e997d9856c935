using Holdfast.Core.EventLog;
using Holdfast.Platform.Windows.EventLog;

namespace Holdfast.Platform.Tests.Windows;

/// <summary>Whatever the Event Log does, who has something for it goes on at once.</summary>
public sealed class EventLogWriterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeEventLogApi api = new();

    [Fact]
    public void What_is_handed_over_is_what_Windows_is_passed()
    {
        using (var writer = new EventLogWriter(api, "Holdfast", Patience))
        {
            writer.Write(new(101, EventLogType.Information, ["payments", "账户", "-"]));
            writer.Write(new(108, EventLogType.Error, ["payments", "", "so"]));
            writer.Write(new(115, EventLogType.Warning, []));
        }

        Assert.Equal(["Holdfast 101 4: payments | 账户 | -", "Holdfast 108 1: payments |  | so", "Holdfast 115 2: "], api.Written);
        Assert.Equal(0, api.OpenHandles);
    }

    [Fact]
    public void A_log_that_stands_still_holds_up_nobody_and_what_does_not_fit_is_counted_and_told()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        api.Reporting = () =>
        {
            entered.Set();
            release.Wait(Patience);
        };
        var writer = new EventLogWriter(api, "Holdfast", Patience);
        writer.Write(Numbered(0));
        Assert.True(entered.Wait(Patience));
        for (var i = 1; i <= EventLogWriter.MostWaiting + 7; i++) writer.Write(Numbered(i));
        Assert.Equal(7, writer.Lost);

        release.Set();
        writer.Dispose();
        Assert.Equal(["Holdfast 101 4: 0", "Holdfast 4 2: 7"], api.Written.Take(2));
        Assert.Equal(EventLogWriter.MostWaiting + 2, api.Written.Count);
    }

    [Fact]
    public void The_end_of_a_supervisor_does_not_wait_for_a_log_that_hangs()
    {
        using var release = new ManualResetEventSlim();
        api.Reporting = () => release.Wait(Patience);
        var writer = new EventLogWriter(api, "Holdfast");
        writer.Write(Numbered(0));

        var began = TimeProvider.System.GetTimestamp();
        writer.Dispose();
        var took = TimeProvider.System.GetElapsedTime(began);
        release.Set();
        Assert.True(took < Patience, $"it took {took}");
    }

    /// <summary>1717: the service behind it is not there; 1502: the log is full.</summary>
    [Fact]
    public void What_is_refused_is_counted_and_the_next_one_is_tried_anew()
    {
        api.Answers.Enqueue(1502);
        using (var writer = new EventLogWriter(api, "Holdfast", Patience))
        {
            writer.Write(Numbered(0));
            writer.Write(Numbered(1));
        }

        // Of the lost one it is told as soon as something can be written.
        Assert.Equal(["Holdfast 4 2: 1", "Holdfast 101 4: 1"], api.Written);
        Assert.Equal(0, api.OpenHandles);
    }

    [Fact]
    public void A_log_that_cannot_be_opened_costs_events_and_nothing_else()
    {
        api.OpenAnswer = 1717;
        var writer = new EventLogWriter(api, "Holdfast", Patience);
        for (var i = 0; i < 10; i++) writer.Write(Numbered(i));
        writer.Dispose();
        Assert.Equal(10, writer.Lost);
        Assert.Empty(api.Written);
    }

    [Fact]
    public void A_bug_below_ends_no_process()
    {
        api.Reporting = () => throw new InvalidOperationException("a bug");
        var writer = new EventLogWriter(api, "Holdfast", Patience);
        writer.Write(Numbered(0));
        writer.Dispose();
        writer.Write(Numbered(1));
        Assert.True(writer.Lost > 0);
    }

    private static EventLogEntry Numbered(int number) => new(101, EventLogType.Information, [EventLogText.Of(number)]);
}
