using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Upgrading;

/// <summary>A folder with a build of the product.</summary>
/// <param name="Folder">Absolute, without links and without a separator at its end.</param>
internal sealed record ProductBuild(string Folder)
{
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    public string Agent => Path.Combine(Folder, "holdfast" + Suffix);

    public string Supervisor => Path.Combine(Folder, "holdfast-supervisor" + Suffix);

    /// <summary>Whether it is there, and nobody else could change it; every problem at once.</summary>
    public static Outcome<ProductBuild> Find(string folder)
    {
        if (!Path.IsPathFullyQualified(folder))
            return new Problem(ProblemKind.BadInput, "upgrade.path", $"'{folder}' is not an absolute path.");
        var build = new ProductBuild(Resolve(folder));
        Problem?[] found = [ProductFolder.Check(build.Agent), ProductFolder.Check(build.Supervisor)];
        var problems = found.OfType<Problem>().DistinctBy(problem => problem.What).ToList();
        return problems.Count == 0 ? build : problems;
    }

    public static bool Same(string one, string other) => Resolve(one) == Resolve(other);

    private static string Resolve(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Directory.Exists(path) ? Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
    }
}
