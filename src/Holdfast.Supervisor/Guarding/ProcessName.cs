using System.Globalization;

namespace Holdfast.Supervisor.Guarding;

/// <summary>A process as one word on a command line: <c>PID:CREATIONTIME</c>.</summary>
internal static class ProcessName
{
    public static string Of(int pid, long creationTime) => string.Create(CultureInfo.InvariantCulture, $"{pid}:{creationTime}");

    /// <summary>Null: it is none.</summary>
    public static (int Pid, long CreationTime)? Parse(string word)
    {
        var parts = word.Split(':');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var created)
            ? (pid, created)
            : null;
    }
}
