namespace Holdfast.Core.EventLog;

/// <summary>One message of the source Holdfast, as the message table has it.</summary>
/// <param name="Id">What Event Viewer shows as the event's id, and what people filter and alarm by: never given to anything else.</param>
/// <param name="Kind">What it tells of: one of <see cref="Supervision.EventKind"/>, or what happens to a supervisor itself.</param>
/// <param name="Text">With %1, %2, … for what is put in, and %n for the end of a line.</param>
public sealed record EventLogMessage(int Id, string Kind, EventLogType Type, string Text);
