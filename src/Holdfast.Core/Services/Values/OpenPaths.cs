using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services.Values;

/// <summary>What <c>open:</c> means: a key, and with it all that is below it; <c>key.*</c> is all that is below it and not the key as a whole.</summary>
internal static class OpenPaths
{
    /// <summary>What a service is; values only say how it runs here.</summary>
    public static IReadOnlyList<string> Never { get; } = ["apiVersion", "kind", "name", "version", "open", "files"];

    public static string WithoutStar(string open) => open.EndsWith(".*", StringComparison.Ordinal) ? open[..^2] : open;

    public static bool Opens(string open, string path)
    {
        var root = WithoutStar(open);
        return root.Length > 0 && !Never.Contains(root.Split('.')[0]) && SpecPath.Covers(root, path) && (root == open || path != root)
            && (open == path || !LoaderVariables.Holds(path));
    }
}
