using Holdfast.Core.EventLog;
using Holdfast.Platform.Windows.EventLog;

namespace Holdfast.Platform;

/// <summary>
/// The host's own log of events, where people look first: Windows' Application log, when its source is known there (an installed service makes it
/// so). Elsewhere nothing: journald has a supervisor's words by its standard error.
/// </summary>
public sealed class HostEventLog : IDisposable
{
    private readonly EventLogWriter? writer;

    private HostEventLog(EventLogWriter? writer) => this.writer = writer;

    /// <summary>Without its source Event Viewer would show no sentence: then nothing is written.</summary>
    public static HostEventLog Open() => OperatingSystem.IsWindows() && EventLogSource.Library is not null
        ? new(new EventLogWriter(new Advapi32EventLogApi(), EventLogMessages.Source))
        : new(null);

    /// <summary>False: what is handed over goes nowhere, and need not be made.</summary>
    public bool IsKept => writer is not null;

    /// <summary>Returns at once, whatever becomes of it.</summary>
    /// <param name="entry">Null: there is nothing to be written.</param>
    public void Write(EventLogEntry? entry)
    {
        if (entry is not null) writer?.Write(entry);
    }

    public void Dispose() => writer?.Dispose();
}
