using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.EventLog;

/// <summary>What is written into Windows' Application log of what has happened: event → id, type and strings, and nothing else decides it.</summary>
public static class EventLogEntries
{
    /// <summary>Null: an event of this kind is not written there.</summary>
    public static EventLogEntry? Of(InstanceEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return EventLogMessages.Find(happened.Kind) is { } message
            ? Entry(
                message,
                EventLogText.Of(happened.Service),
                EventLogText.Of(happened.Reason),
                EventLogText.Of(happened.Instance),
                EventLogText.Of(happened.Release),
                happened.Pid is { } pid ? EventLogText.Of(pid) : EventLogText.Nothing,
                EventLogText.Of(happened.Exit?.ToString()),
                EventLogText.Of(happened.Sequence))
            : null;
    }

    /// <param name="whose">The service that it keeps, or the home.</param>
    public static EventLogEntry Began(string whose, string version, int pid, int instances) => Entry(
        Known(EventLogMessages.SupervisorBegan), EventLogText.Of(whose), EventLogText.Of(version), EventLogText.Of(pid), EventLogText.Of(instances));

    public static EventLogEntry Ended(string whose, string version, int pid) => Entry(
        Known(EventLogMessages.SupervisorEnded), EventLogText.Of(whose), EventLogText.Of(version), EventLogText.Of(pid));

    public static EventLogEntry Refused(string whose, IEnumerable<Problem> problems) => Entry(
        Known(EventLogMessages.SupervisorRefused), EventLogText.Of(whose), EventLogText.Of(string.Join("; ", problems)));

    /// <param name="home">The node's folder.</param>
    public static EventLogEntry AgentBegan(string home, string version, int pid) => Entry(
        Known(EventLogMessages.AgentBegan), EventLogText.Of(home), EventLogText.Of(version), EventLogText.Of(pid));

    public static EventLogEntry AgentEnded(string home, string version, int pid) => Entry(
        Known(EventLogMessages.AgentEnded), EventLogText.Of(home), EventLogText.Of(version), EventLogText.Of(pid));

    public static EventLogEntry AgentRefused(string home, IEnumerable<Problem> problems) => Entry(
        Known(EventLogMessages.AgentRefused), EventLogText.Of(home), EventLogText.Of(string.Join("; ", problems)));

    public static EventLogEntry Lost(long events) => Entry(Known(EventLogMessages.EventsLost), EventLogText.Of(events));

    private static EventLogMessage Known(string kind) => EventLogMessages.Find(kind)!;

    private static EventLogEntry Entry(EventLogMessage message, params string[] strings) => new(message.Id, message.Type, strings);
}
