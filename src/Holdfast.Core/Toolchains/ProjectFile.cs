namespace Holdfast.Core.Toolchains;

/// <summary>A file of a project that may say which toolchain it wants.</summary>
/// <param name="Path">As it is to be shown; its name decides how it is read.</param>
/// <param name="Text">All of it.</param>
public sealed record ProjectFile(string Path, string Text)
{
    public const string GoVersion = ".go-version";
    public const string ToolVersions = ".tool-versions";
    public const string GoMod = "go.mod";
    public const string GlobalJson = "global.json";

    /// <summary>The names that are looked for, the one that decides first.</summary>
    public static IReadOnlyList<string> Names { get; } = [GoVersion, ToolVersions, GoMod, GlobalJson];

    public string Name => Path[(Path.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>Its lines with their numbers, without the mark that some editors put before the first.</summary>
    internal IEnumerable<(int Number, string Text)> Lines() =>
        Text.TrimStart('\uFEFF').Split('\n').Select((line, index) => (index + 1, line.TrimEnd('\r')));
}
