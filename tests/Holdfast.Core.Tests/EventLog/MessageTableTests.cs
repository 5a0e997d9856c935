using Holdfast.Core.EventLog;
using Holdfast.Core.Supervision;
using Holdfast.Core.Tests.House;

namespace Holdfast.Core.Tests.EventLog;

/// <summary>What Windows reads is what the list says. HOLDFAST_UPDATE_GOLDEN=1 writes the resource anew; ids that were given stay (the table is append only).</summary>
public sealed class MessageTableTests
{
    private const string File = "src/Holdfast.EventMessages/messages.res";

    /// <summary>Ids 1 to 7 and 100 to 123. A table that grows is another version.</summary>
    private static readonly (ushort Major, ushort Minor) TableVersion = (1, 0);

    /// <summary>What was given once, by kind: a line may be added here, none changed.</summary>
    private static readonly (int Id, string Kind)[] Given =
    [
        (1, "supervisor-began"), (2, "supervisor-ended"), (3, "supervisor-refused"), (4, "events-lost"), (5, "agent-began"), (6, "agent-ended"), (7, "agent-refused"),
        (100, "started"), (101, "ready"), (102, "healthy"), (103, "unhealthy"), (104, "exited"), (105, "restart-scheduled"), (106, "start-refused"),
        (107, "start-failed"), (108, "failed"), (109, "completed"), (110, "stopping"), (111, "killed"), (112, "stopped"), (113, "removed"),
        (114, "hook-failed"), (115, "watchdog-missed"), (116, "reloaded"), (117, "signalled"), (118, "output-trouble"), (119, "output-recovered"),
        (120, "notify-refused"), (121, "paused"), (122, "pause-failed"), (123, "continued"),
    ];

    [Fact]
    public void The_resource_of_the_library_is_the_list()
    {
        var version = $"{TableVersion.Major}.{TableVersion.Minor}.0.0";
        var made = new ResFile();
        made.Add(ResFile.MessageTable, 1, MessageTable.Of(EventLogMessages.All));
        made.Add(ResFile.Version, 1, VersionInfo.Of(TableVersion.Major, TableVersion.Minor,
        [
            ("CompanyName", "Holdfast"),
            ("FileDescription", "Messages of the Event Log's source Holdfast"),
            ("FileVersion", version),
            ("InternalName", EventLogMessages.Library),
            ("LegalCopyright", "The Holdfast authors. Apache-2.0."),
            ("OriginalFilename", EventLogMessages.Library),
            ("ProductName", "Holdfast"),
            ("ProductVersion", version),
        ]));
        var path = Repository.Full(File);
        if (Environment.GetEnvironmentVariable("HOLDFAST_UPDATE_GOLDEN") == "1") System.IO.File.WriteAllBytes(path, made.Bytes);
        Assert.True(System.IO.File.ReadAllBytes(path).AsSpan().SequenceEqual(made.Bytes), $"{File} is not what the list says. If the change is meant, run this test with HOLDFAST_UPDATE_GOLDEN=1.");
    }

    [Fact]
    public void Ids_keep_their_meaning() =>
        Assert.Equal(Given, EventLogMessages.All.Select(message => (message.Id, message.Kind)).Take(Given.Length));

    [Fact]
    public void Ids_grow_and_no_kind_has_two()
    {
        Assert.Equal(EventLogMessages.All.Select(message => message.Id).Order(), EventLogMessages.All.Select(message => message.Id));
        Assert.Equal(EventLogMessages.All.Count, EventLogMessages.All.Select(message => message.Kind).Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>A kind that comes later is either written or named here.</summary>
    [Fact]
    public void Every_kind_of_event_has_a_message_or_its_reason_not_to()
    {
        string[] notWritten = [EventKind.Applied, EventKind.Waiting, EventKind.Starting];
        var kinds = typeof(EventKind).GetFields().Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(notWritten, kinds.Where(kind => EventLogMessages.Find(kind) is null));
    }

    /// <summary>People set alarms by this list.</summary>
    [Fact]
    public void The_documents_name_every_id()
    {
        var lines = Repository.Lines("docs/windows.md");
        Findings.AssertNone(
            from message in EventLogMessages.All
            let line = lines.FirstOrDefault(line => line.StartsWith($"| {message.Type} |", StringComparison.Ordinal)) ?? ""
            where !line.Contains($" {message.Id} `{message.Kind}`", StringComparison.Ordinal)
            select $"{message.Id} {message.Kind} ({message.Type})",
            "docs/windows.md does not list:");
    }

    /// <summary>FormatMessage takes any other % for an instruction of its own.</summary>
    [Fact]
    public void Messages_hold_no_percent_sign_but_for_strings_and_line_ends() =>
        Findings.AssertNone(
            from message in EventLogMessages.All
            let bare = System.Text.RegularExpressions.Regex.Replace(message.Text, "%(n|[1-7](?![0-9]))", "")
            where bare.Contains('%', StringComparison.Ordinal)
            select $"{message.Id}: {message.Text}",
            "A % that is no string and no line's end:");
}
