using System.Text;

namespace Holdfast.Platform.Windows.Births;

/// <summary>A process's environment as Windows takes it: each variable ended by a zero, sorted without regard to case, and a zero at the end.</summary>
internal static class EnvironmentText
{
    public static string Of(IReadOnlyDictionary<string, string> environment)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in environment.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)) text.Append(name).Append('=').Append(value).Append('\0');
        // An empty one ends with two as well.
        return text.Append(text.Length == 0 ? "\0\0" : "\0").ToString();
    }

    /// <summary>Two names that differ in case alone are one variable to Windows, and nobody could say whose value it has. Null: there are none.</summary>
    public static string? Twice(IReadOnlyDictionary<string, string> environment) =>
        environment.Keys.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(names => names.Count() > 1)?.Key;
}
