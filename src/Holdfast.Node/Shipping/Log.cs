using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Shipping;

internal static partial class Log
{
    [LoggerMessage(1301, LogLevel.Information, "Events go to {Sink} ({Kind}) from now on")]
    public static partial void SinkBegins(ILogger log, string sink, string kind);

    [LoggerMessage(1302, LogLevel.Information, "Events do not go to {Sink} any more")]
    public static partial void SinkEnds(ILogger log, string sink);

    [LoggerMessage(1303, LogLevel.Error, "The sinks are those of before: {Problems}")]
    public static partial void SinksNotRead(ILogger log, string problems);

    [LoggerMessage(1304, LogLevel.Error, "The sink {Sink} failed by a bug, and goes on at its cursor")]
    public static partial void SinkFailed(ILogger log, string sink, Exception bug);
}
