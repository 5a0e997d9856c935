namespace Holdfast.Core.EventLog;

/// <summary>What is handed to Windows for one event.</summary>
/// <param name="Strings">What stands for %1, %2, … of its message, fit for Event Viewer (<see cref="EventLogText"/>).</param>
public sealed record EventLogEntry(int Id, EventLogType Type, IReadOnlyList<string> Strings);
