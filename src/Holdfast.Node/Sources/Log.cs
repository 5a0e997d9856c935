using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Sources;

internal static partial class Log
{
    [LoggerMessage(1321, LogLevel.Information, "The files that {Instance} writes are read from now on ({Patterns} patterns)")]
    public static partial void Follows(ILogger log, string instance, int patterns);

    [LoggerMessage(1323, LogLevel.Information, "Events of the runtime of {Instance} (PID {Pid}) are read from now on")]
    public static partial void Listens(ILogger log, string instance, int pid);

    [LoggerMessage(1324, LogLevel.Warning, "What the runtime of {Instance} (PID {Pid}) sent could not be read to its end, and is asked for anew: {Why}")]
    public static partial void NoEvents(ILogger log, string instance, int pid, string why);

    [LoggerMessage(1325, LogLevel.Error, "Asking runtimes for events failed by a bug, and goes on")]
    public static partial void EventsFailed(ILogger log, Exception bug);

    [LoggerMessage(1322, LogLevel.Error, "Reading the files of {Instance} failed by a bug, and goes on where it was")]
    public static partial void Failed(ILogger log, string instance, Exception bug);

    [LoggerMessage(1340, LogLevel.Information, "Entries of the audit log go to sinks, from behind {Sequence} on")]
    public static partial void CopiesAudit(ILogger log, long sequence);

    [LoggerMessage(1341, LogLevel.Error, "Copying entries of the audit log failed by a bug, and goes on where it was")]
    public static partial void AuditFailed(ILogger log, Exception bug);
}
