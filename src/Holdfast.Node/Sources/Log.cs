using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Sources;

internal static partial class Log
{
    [LoggerMessage(1321, LogLevel.Information, "The files that {Instance} writes are read from now on ({Patterns} patterns)")]
    public static partial void Follows(ILogger log, string instance, int patterns);

    [LoggerMessage(1323, LogLevel.Information, "Events of the runtime of {Instance} (PID {Pid}) are read from now on")]
    public static partial void Listens(ILogger log, string instance, int pid);

    [LoggerMessage(1322, LogLevel.Error, "Reading the files of {Instance} failed by a bug, and goes on where it was")]
    public static partial void Failed(ILogger log, string instance, Exception bug);
}
