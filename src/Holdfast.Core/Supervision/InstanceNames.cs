namespace Holdfast.Core.Supervision;

/// <summary>Names of instances become names of files and containers: nothing else may be in them.</summary>
public static class InstanceNames
{
    public const int Longest = 96;

    public static bool IsValid(string name) => !string.IsNullOrEmpty(name) && name.Length <= Longest && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
