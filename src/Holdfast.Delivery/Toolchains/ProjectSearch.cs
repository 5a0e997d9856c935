using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;
using Holdfast.Packaging.Content;

namespace Holdfast.Delivery.Toolchains;

/// <summary>The files of a project that say which toolchain it wants: of each name the nearest, in the folder or above it.</summary>
public static class ProjectSearch
{
    /// <param name="folder">Where the work is done.</param>
    /// <param name="shownFrom">Paths are said relative to it.</param>
    public static Outcome<IReadOnlyList<ProjectFile>> Find(string folder, string shownFrom)
    {
        if (!Directory.Exists(folder)) return new Problem(ProblemKind.NotFound, "files.not-found", $"there is no folder {folder}");
        List<ProjectFile> found = [];
        List<Problem> problems = [];
        foreach (var name in ProjectFile.Names)
        {
            if (Nearest(folder, name) is not { } path) continue;
            var read = Read(path, Shown(path, shownFrom));
            if (read.TryGet(out var file)) found.Add(file);
            else problems.AddRange(read.Problems);
        }

        return problems.Count > 0 ? problems : found;
    }

    private static string? Nearest(string folder, string name)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, name);
            if (File.Exists(path)) return path;
        }

        return null;
    }

    private static Outcome<ProjectFile> Read(string path, string shown)
    {
        try
        {
            if (new FileInfo(path).Length > ToolchainLimits.MostProjectFileBytes) return new Problem(ProblemKind.BadInput, "toolchain.file-size", "it is too large to be what its name says") { Where = new(shown, 1, 1) };
            return new ProjectFile(shown, File.ReadAllText(path));
        }
        catch (Exception failure) when (FileTrouble.Is(failure))
        {
            return FileTrouble.From(failure, $"read {shown}");
        }
    }

    /// <summary>What is above is said in full: nobody counts dots.</summary>
    private static string Shown(string path, string from) => Path.GetRelativePath(from, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
}
