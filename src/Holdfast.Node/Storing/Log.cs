using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Storing;

internal static partial class Log
{
    [LoggerMessage(1350, LogLevel.Error, "Output is kept as before: {Problems}")]
    public static partial void PolicyNotRead(ILogger log, string problems);

    [LoggerMessage(1351, LogLevel.Warning, "The disk is nearly full: {Count} closed segments ({Bytes} bytes) were deleted, of which {Undelivered} had lines that a sink waited for")]
    public static partial void Reclaimed(ILogger log, int count, long bytes, int undelivered);

    [LoggerMessage(1352, LogLevel.Error, "A look at the output on the disk failed by a bug")]
    public static partial void Failed(ILogger log, Exception bug);
}
