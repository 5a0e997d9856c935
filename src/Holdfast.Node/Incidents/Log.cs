using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Incidents;

/// <summary>What keeping decisions says. Ids are append-only.</summary>
internal static partial class Log
{
    [LoggerMessage(1231, LogLevel.Warning, "Decisions about leadership cannot be kept, and are made all the same: {Problems}")]
    public static partial void Lost(ILogger log, string problems);

    [LoggerMessage(1232, LogLevel.Information, "Decisions about leadership are kept again")]
    public static partial void KeptAgain(ILogger log);

    [LoggerMessage(1233, LogLevel.Error, "A bug of the agent: please report it")]
    public static partial void Bug(ILogger log, Exception bug);
}
