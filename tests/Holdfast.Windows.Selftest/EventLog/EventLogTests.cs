using System.Diagnostics;
using System.Text.RegularExpressions;
using Holdfast.Core.EventLog;
using Holdfast.Platform;
using Holdfast.Platform.Windows.EventLog;
using Holdfast.Windows.Selftest.Running;

namespace Holdfast.Windows.Selftest.EventLog;

/// <summary>What Event Viewer needs to show our events in full.</summary>
public sealed partial class EventLogTests
{
    private static readonly string Library = Path.Combine(AppContext.BaseDirectory, EventLogMessages.Library);

    [Fact]
    public void Every_message_is_in_the_library_and_is_shown_in_full()
    {
        using var file = new MessageFile(Library);
        Assert.All(EventLogMessages.All, message =>
        {
            var strings = Enumerable.Range(1, 7).Select(number => $"«{number} 账户»").ToList();
            var expected = StringNumber().Replace(message.Text, match => strings[int.Parse(match.Groups[1].Value) - 1]).Replace("%n", "\r\n", StringComparison.Ordinal);
            Assert.Equal(expected + "\r\n", file.Shown(message.Id, strings));
        });
    }

    /// <summary>English (United States) is what every other language falls back to.</summary>
    [Fact]
    public void A_message_is_found_by_its_language_too()
    {
        using var file = new MessageFile(Library);
        Assert.StartsWith("payments is ready: so.", file.Shown(101, ["payments", "so", "", "", "", "", ""], 0x409), StringComparison.Ordinal);
    }

    /// <summary>Rules for allowed programs go by what a file says of itself.</summary>
    [Theory]
    [InlineData(EventLogMessages.Library, "Messages of the Event Log's source Holdfast")]
    [InlineData("holdfast-supervisor.dll", "holdfast-supervisor")]
    [InlineData("holdfast-supervisor.exe", "holdfast-supervisor")]
    [InlineData("holdfast.exe", "holdfast")]
    public void Files_keep_saying_what_they_are(string file, string description)
    {
        var version = FileVersionInfo.GetVersionInfo(Path.Combine(AppContext.BaseDirectory, file));
        Assert.Equal((description, "Holdfast"), (version.FileDescription, version.CompanyName));
        Assert.False(string.IsNullOrEmpty(version.FileVersion));
    }

    [Fact]
    public unsafe void Windows_takes_the_calls()
    {
        var api = new Advapi32EventLogApi();
        Assert.Equal(0u, api.Open(EventLogMessages.Source, out var log));
        fixed (char* text = "a test of Holdfast's self-test")
        {
            var strings = stackalloc char*[] { text, text };
            Assert.Equal(0u, api.Report(log, (ushort)EventLogType.Information, 4, 2, strings));
        }

        api.Close(log);
    }

    [Fact]
    [WineLacks("an Event Log: ReportEvent writes nothing")]
    public void What_is_written_is_shown_by_Windows_in_full()
    {
        var was = EventLogSource.Library;
        Assert.True(EventLogSource.Register(Library).IsOk);
        try
        {
            var whose = "self-test " + Guid.NewGuid().ToString("N");
            using (var events = HostEventLog.Open()) events.Write(EventLogEntries.AgentBegan(whose, "1.2.3", Environment.ProcessId));

            var query = new ProcessStartInfo("wevtutil.exe", ["qe", "Application", "/q:*[System[Provider[@Name='Holdfast']]]", "/f:text", "/rd:true", "/c:10"]) { RedirectStandardOutput = true, UseShellExecute = false };
            using var process = StartedProcess.Start(query);
            var shown = process.StandardOutput.ReadToEnd();
            Assert.Contains($"The agent of {whose} has begun.", shown, StringComparison.Ordinal);
        }
        finally
        {
            if (was is null) EventLogSource.Unregister();
            else EventLogSource.Register(was);
        }
    }

    [GeneratedRegex("%([0-9])")]
    private static partial Regex StringNumber();
}
