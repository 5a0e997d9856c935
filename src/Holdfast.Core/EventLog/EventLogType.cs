namespace Holdfast.Core.EventLog;

/// <summary>How Event Viewer marks an event. The numbers are Windows' own (EVENTLOG_ERROR_TYPE and its like).</summary>
public enum EventLogType
{
    Error = 1,
    Warning = 2,
    Information = 4,
}
