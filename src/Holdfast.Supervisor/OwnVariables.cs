using System.Collections;

namespace Holdfast.Supervisor;

/// <summary>All environment variables of this process, for a guard, a supervisor or the next image of either.</summary>
internal static class OwnVariables
{
    public static Dictionary<string, string> All()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        return environment;
    }
}
