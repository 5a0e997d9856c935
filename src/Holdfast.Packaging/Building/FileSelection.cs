using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Packaging.Building;

/// <summary>Which files of a folder go into the package, each with its access class.</summary>
internal static class FileSelection
{
    public const string SpecName = "holdfast.yaml";

    /// <summary>The first pattern that matches a file decides its access class. Without patterns: all but hidden files, as code.</summary>
    public static IReadOnlyList<(FoundFile File, AccessClass Access)> Select(FolderWalk walk, IReadOnlyList<FileSpec> patterns, List<Problem> problems)
    {
        var specs = patterns.Count == 0 ? [new FileSpec("**")] : patterns;
        var compiled = specs.Select(s => (Pattern: new FilePattern(s.Path), s.Access)).ToArray();
        var used = new bool[compiled.Length];
        List<(FoundFile, AccessClass)> selected = [];
        foreach (var file in walk.Files)
        {
            if (Match(file.Path, compiled, used) is { } access && !IsNeverPacked(file.Path)) selected.Add((file, access));
        }

        foreach (var (path, problem) in walk.BadLinks)
        {
            if (Match(path, compiled, used) is not null || IsUnderLink(path, specs)) problems.Add(problem);
        }

        if (patterns.Count > 0)
        {
            for (var i = 0; i < compiled.Length; i++)
            {
                if (!used[i]) problems.Add(NoMatch(compiled[i].Pattern));
            }
        }

        return selected;
    }

    /// <summary>The spec travels as the package's configuration, and packages do not travel in packages.</summary>
    private static bool IsNeverPacked(string path) => path == SpecName || path.EndsWith(".hfpkg", StringComparison.OrdinalIgnoreCase);

    private static bool IsUnderLink(string link, IReadOnlyList<FileSpec> specs) => specs.Any(s => s.Path.StartsWith(link + "/", StringComparison.Ordinal));

    private static AccessClass? Match(string path, (FilePattern Pattern, AccessClass Access)[] patterns, bool[] used)
    {
        AccessClass? access = null;
        for (var i = 0; i < patterns.Length; i++)
        {
            if (!patterns[i].Pattern.Matches(path)) continue;
            used[i] = true;
            access ??= patterns[i].Access;
        }

        return access;
    }

    private static Problem NoMatch(FilePattern pattern) => new(ProblemKind.BadInput, "pack.no-match", pattern.IsLiteral
        ? $"files: {pattern.Text} is not in the folder"
        : $"files: {pattern.Text} matches nothing in the folder")
    {
        Mend = "build the service first, or correct the pattern",
    };
}
