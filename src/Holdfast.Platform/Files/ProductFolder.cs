using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>
/// A folder with a build of the product. Whoever could change a file in it would become whoever runs it: such a folder is not run from
/// (law 1 for ourselves).
/// </summary>
public static class ProductFolder
{
    /// <summary>Null: it may be run. Every file beside the executable counts, for it loads them.</summary>
    /// <param name="executable">Absolute path; links are followed.</param>
    public static Problem? Check(string executable)
    {
        ArgumentException.ThrowIfNullOrEmpty(executable);
        if (FileFactsReader.Resolve(executable) is not { } file || FileFactsReader.Read(file) is null)
            return new Problem(ProblemKind.NotFound, "upgrade.no-executable", $"{executable} is not there") { Mend = "holdfast and holdfast-supervisor belong into one folder" };
        if (FileFactsReader.OpenFolderAbove(file) is { } open) return Open(open);
        var folder = Path.GetDirectoryName(file)!;
        foreach (var beside in Directory.EnumerateFiles(folder))
        {
            if (FileFactsReader.Resolve(beside) is not { } found) continue;
            if (FileFactsReader.Read(found) is { WritableByOthers: true }) return Open(beside);
            if (found != beside && FileFactsReader.OpenFolderAbove(found) is { } elsewhere) return Open(elsewhere);
        }

        return null;
    }

    private static Problem Open(string path) => new(ProblemKind.Refused, "upgrade.open-to-others", $"{path} can be changed by another account")
    {
        Why = "whoever changes it would run with this node's rights",
        Mend = "let it belong to root (or to the node's account), writable for nobody else: chmod -R go-w",
    };
}
