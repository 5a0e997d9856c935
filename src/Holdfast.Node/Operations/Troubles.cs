using Holdfast.Core.Problems;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Operations;

/// <summary>What goes wrong again and again is logged once, and again when it changes.</summary>
internal sealed class Troubles(ILogger log)
{
    private readonly Dictionary<string, string> told = new(StringComparer.Ordinal);

    public void Tell(string what, IReadOnlyList<Problem> problems)
    {
        var text = string.Join("; ", problems);
        if (told.TryGetValue(what, out var before) && before == text)
            return;
        told[what] = text;
        Log.StepFailed(log, what, text);
    }

    public void Over(string what)
    {
        if (told.Remove(what))
            Log.StepGoesOn(log, what);
    }
}

internal static partial class Log
{
    [LoggerMessage(1002, LogLevel.Warning, "{What}: {Problems}. Trying again every second.")]
    public static partial void StepFailed(ILogger log, string what, string problems);

    [LoggerMessage(1003, LogLevel.Information, "{What}: it goes on.")]
    public static partial void StepGoesOn(ILogger log, string what);

    [LoggerMessage(1004, LogLevel.Error, "{Service}: a bug of the agent.")]
    public static partial void Bug(ILogger log, string service, Exception bug);
}
