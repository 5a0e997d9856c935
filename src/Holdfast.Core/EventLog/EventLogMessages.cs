using Holdfast.Core.Supervision;

namespace Holdfast.Core.EventLog;

/// <summary>
/// The message table of the source Holdfast in Windows' Application log. Append only: an id that was once given keeps its meaning, since old
/// events are shown by the newest table. Windows reads it from src/Holdfast.EventMessages/messages.res, which a golden test holds to this list.
/// </summary>
public static class EventLogMessages
{
    /// <summary>The name under which Event Viewer shows them.</summary>
    public const string Source = "Holdfast";

    /// <summary>The library that holds the table, beside the supervisor's executable.</summary>
    public const string Library = "holdfast-event-messages.dll";

    public const string SupervisorBegan = "supervisor-began";
    public const string SupervisorEnded = "supervisor-ended";
    public const string SupervisorRefused = "supervisor-refused";
    public const string EventsLost = "events-lost";
    public const string AgentBegan = "agent-began";
    public const string AgentEnded = "agent-ended";
    public const string AgentRefused = "agent-refused";

    /// <summary>In the order of their ids: 1 to 99 tell of supervisors and the agent, from 100 on of instances.</summary>
    public static IReadOnlyList<EventLogMessage> All { get; } =
    [
        new(1, SupervisorBegan, EventLogType.Information, "The supervisor of %1 has begun.%n%nVersion: %2%nProcess: %3%nInstances: %4"),
        new(2, SupervisorEnded, EventLogType.Information, "The supervisor of %1 has ended; nothing that it kept runs any more.%n%nVersion: %2%nProcess: %3"),
        new(3, SupervisorRefused, EventLogType.Error, "The supervisor of %1 could not begin, and nothing of it runs.%n%n%2"),
        new(4, EventsLost, EventLogType.Warning, "%1 events could not be written here, as this log was too slow or refused them. They are in the journal: `holdfast events`."),
        new(5, AgentBegan, EventLogType.Information, "The agent of %1 has begun.%n%nVersion: %2%nProcess: %3"),
        new(6, AgentEnded, EventLogType.Information, "The agent of %1 has ended; services run on without it.%n%nVersion: %2%nProcess: %3"),
        new(7, AgentRefused, EventLogType.Error, "The agent of %1 could not begin or go on; services run on without it.%n%n%2"),

        // What an instance is wanted to do, waits for and begins with is not written: what comes of it is.
        Of(100, EventKind.Started, EventLogType.Information, "%1 has started: %2."),
        Of(101, EventKind.Ready, EventLogType.Information, "%1 is ready: %2."),
        Of(102, EventKind.Healthy, EventLogType.Information, "%1 is healthy again: %2."),
        Of(103, EventKind.Unhealthy, EventLogType.Warning, "%1 is unhealthy: %2."),
        // Whether an end is bad, the next event tells: a restart, a failure, or that it was to stop.
        Of(104, EventKind.Exited, EventLogType.Information, "The process of %1 has ended: %2."),
        Of(105, EventKind.RestartScheduled, EventLogType.Warning, "%1 is restarted: %2."),
        Of(106, EventKind.StartRefused, EventLogType.Error, "The start of %1 was refused: %2."),
        Of(107, EventKind.StartFailed, EventLogType.Error, "%1 could not be started: %2."),
        Of(108, EventKind.Failed, EventLogType.Error, "%1 has failed and is not restarted any more: %2."),
        Of(109, EventKind.Completed, EventLogType.Information, "%1 has done its work: %2."),
        Of(110, EventKind.Stopping, EventLogType.Information, "%1 is being stopped: %2."),
        Of(111, EventKind.Killed, EventLogType.Warning, "%1 was killed: %2."),
        Of(112, EventKind.Stopped, EventLogType.Information, "%1 is stopped: %2."),
        Of(113, EventKind.Removed, EventLogType.Information, "%1 was removed: %2."),
        Of(114, EventKind.HookFailed, EventLogType.Warning, "A hook of %1 failed: %2."),
        Of(115, EventKind.WatchdogMissed, EventLogType.Warning, "%1 has missed its watchdog: %2."),
        Of(116, EventKind.Reloaded, EventLogType.Information, "%1 was reloaded: %2."),
        Of(117, EventKind.Signalled, EventLogType.Information, "A signal was sent to %1: %2."),
        Of(118, EventKind.OutputTrouble, EventLogType.Warning, "The output of %1 cannot be kept as it should be: %2."),
        Of(119, EventKind.OutputRecovered, EventLogType.Information, "The output of %1 is kept again: %2."),
        Of(120, EventKind.NotifyRefused, EventLogType.Warning, "What %1 said of itself was refused: %2."),
        Of(121, EventKind.Paused, EventLogType.Information, "%1 is paused: %2."),
        Of(122, EventKind.PauseFailed, EventLogType.Warning, "%1 could not be paused or continued: %2."),
        Of(123, EventKind.Continued, EventLogType.Information, "%1 goes on after its pause: %2."),
        Of(124, EventKind.Fenced, EventLogType.Warning, "%1 is killed, for it may not act any more: %2."),
        Of(125, EventKind.Promoted, EventLogType.Information, "%1 leads: %2."),
        Of(126, EventKind.PromotionFailed, EventLogType.Error, "%1 was to lead, and does not: %2."),
    ];

    private static readonly Dictionary<string, EventLogMessage> ByKind = All.ToDictionary(message => message.Kind, StringComparer.Ordinal);

    /// <summary>Null: that kind is not written here.</summary>
    public static EventLogMessage? Find(string kind) => ByKind.GetValueOrDefault(kind);

    private static EventLogMessage Of(int id, string kind, EventLogType type, string sentence) =>
        new(id, kind, type, sentence + "%n%nInstance: %3%nRelease: %4%nProcess: %5%nExit: %6%nEvent: %7");
}
