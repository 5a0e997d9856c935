using System.Text.RegularExpressions;
using Holdfast.Core.EventLog;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.EventLog;

public sealed partial class EventLogEntriesTests
{
    [Fact]
    public void An_event_becomes_an_id_a_type_and_its_strings()
    {
        var entry = EventLogEntries.Of(Happened(EventKind.Failed, "4 starts in 10 min", new ExitInfo(3, null, false, DateTimeOffset.UnixEpoch)))!;

        Assert.Equal((108, EventLogType.Error), (entry.Id, entry.Type));
        Assert.Equal(["payments", "4 starts in 10 min", "payments-0", "2", "4711", "exit code 3", "42"], entry.Strings);
        Assert.Equal(
            "payments has failed and is not restarted any more: 4 starts in 10 min.\n\nInstance: payments-0\nRelease: 2\nProcess: 4711\nExit: exit code 3\nEvent: 42",
            Shown(entry));
    }

    [Theory]
    [InlineData(EventKind.Ready, EventLogType.Information)]
    [InlineData(EventKind.RestartScheduled, EventLogType.Warning)]
    [InlineData(EventKind.StartRefused, EventLogType.Error)]
    [InlineData(EventKind.Paused, EventLogType.Information)]
    [InlineData(EventKind.HookFailed, EventLogType.Warning)]
    public void The_type_is_what_somebody_should_do_about_it(string kind, EventLogType type) =>
        Assert.Equal(type, EventLogEntries.Of(Happened(kind, "so"))!.Type);

    [Theory]
    [InlineData(EventKind.Applied)]
    [InlineData(EventKind.Waiting)]
    [InlineData(EventKind.Starting)]
    [InlineData("a-kind-of-a-later-version")]
    public void What_comes_to_nothing_yet_is_not_written(string kind) => Assert.Null(EventLogEntries.Of(Happened(kind, "so")));

    /// <summary>An event without its strings is what Event Viewer shows as %3.</summary>
    [Fact]
    public void Every_message_has_all_its_strings_and_no_string_is_left_out()
    {
        EventLogEntry[] all =
        [
            EventLogEntries.Began("payments", "1.2.3", 4711, 1),
            EventLogEntries.Ended("payments", "1.2.3", 4711),
            EventLogEntries.Refused("payments", [new Problem(ProblemKind.Conflict, "lock.taken", "somebody has it")]),
            EventLogEntries.Lost(7),
            EventLogEntries.AgentBegan("home", "1.2.3", 4711),
            EventLogEntries.AgentEnded("home", "1.2.3", 4711),
            EventLogEntries.AgentRefused("home", [new Problem(ProblemKind.Conflict, "lock.taken", "somebody has it")]),
            .. EventLogMessages.All.Where(message => message.Id >= 100).Select(message => EventLogEntries.Of(Happened(message.Kind, "so"))!),
        ];
        Assert.Equal(EventLogMessages.All.Select(message => message.Id), all.Select(entry => entry.Id));
        Assert.All(all, entry =>
        {
            var named = StringNumber().Matches(EventLogMessages.All.Single(message => message.Id == entry.Id).Text).Select(match => int.Parse(match.Groups[1].Value)).Distinct().Order();
            Assert.Equal(Enumerable.Range(1, entry.Strings.Count), named);
            Assert.DoesNotContain('%', Shown(entry));
        });
    }

    [Theory]
    [InlineData("fe80::1%12 port", "fe80::1% 12 port")]
    [InlineData("50% done", "50% done")]
    [InlineData("%%1069", "% % 1069")]
    [InlineData("two\r\nlines\tand\0more", "two  lines and?more")]
    [InlineData("It is so.", "It is so")]
    [InlineData(" ", "-")]
    [InlineData(null, "-")]
    [InlineData("账户不能登录。", "账户不能登录。")]
    public void Text_is_made_fit_for_Event_Viewer(string? text, string shown) => Assert.Equal(shown, EventLogText.Of(text));

    [Fact]
    public void A_reason_without_end_is_cut() =>
        Assert.Equal(EventLogText.MostCharacters + 1, EventLogText.Of(new string('x', 100_000)).Length);

    private static InstanceEvent Happened(string kind, string reason, ExitInfo? exit = null) => new()
    {
        Sequence = 42, At = DateTimeOffset.UnixEpoch, Instance = "payments-0", Service = "payments", Release = 2, Kind = kind, Reason = reason, Pid = 4711, Exit = exit,
    };

    /// <summary>As FormatMessage puts it together.</summary>
    private static string Shown(EventLogEntry entry) =>
        StringNumber().Replace(EventLogMessages.All.Single(message => message.Id == entry.Id).Text, match => entry.Strings[int.Parse(match.Groups[1].Value) - 1]).Replace("%n", "\n", StringComparison.Ordinal);

    [GeneratedRegex("%([0-9])")]
    private static partial Regex StringNumber();
}
