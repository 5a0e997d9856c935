namespace Holdfast.Platform;

/// <summary>A name that is one folder, and nothing but that.</summary>
internal static class ContainerName
{
    private const int Longest = 200;

    public static bool IsValid(string name) =>
        name is { Length: > 0 and <= Longest } && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_')
        // The kernel's own files in a cgroup are named like this.
        && !name.StartsWith("cgroup.", StringComparison.Ordinal);
}
