using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>Reads <c>.go-version</c> (goenv's and others') and <c>.tool-versions</c> (asdf's and mise's).</summary>
internal static class VersionFiles
{
    private static readonly string[] GoNames = ["golang", "go"];
    private static readonly char[] Blank = [' ', '\t'];

    /// <summary>The one version in the file.</summary>
    public static Outcome<GoStatement> GoVersion(ProjectFile file)
    {
        var lines = file.Lines().Select(line => (line.Number, Text: WithoutComment(line.Text))).Where(line => line.Text.Length > 0).ToList();
        if (lines.Count == 0)
            return new Problem(ProblemKind.BadInput, "toolchain.no-version", "the file names no version of Go") { Where = new(file.Path, 1, 1), Mend = "write one, such as 1.22.1, or remove the file" };
        List<Problem> problems = [.. lines.Skip(1).Select(line => More(file, line.Number, line.Text))];
        var first = Statement(file, lines[0].Number, lines[0].Text, lines[0].Text);
        return problems.Count == 0 ? first : Outcome.Failed<GoStatement>([.. first.Problems, .. problems]);
    }

    /// <summary>What it says of Go; null: nothing.</summary>
    public static Outcome<GoStatement?> ToolVersions(ProjectFile file)
    {
        GoStatement? found = null;
        List<Problem> problems = [];
        foreach (var (number, text) in file.Lines())
        {
            var words = WithoutComment(text).Split(Blank, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || !GoNames.Contains(words[0])) continue;
            if (words.Length == 1)
                problems.Add(new(ProblemKind.BadInput, "toolchain.no-version", $"'{words[0]}' has no version") { Where = new(file.Path, number, 1), Mend = $"write {words[0]} 1.22.1" });
            else if (words.Length > 2)
                problems.Add(More(file, number, string.Join(' ', words[2..])));
            else if (Statement(file, number, words[1], string.Join(' ', words)) is var statement && !statement.TryGet(out var said))
                problems.AddRange(statement.Problems);
            else if (found is not null && found.Version != said.Version)
                problems.Add(Conflicts.Between(found, said));
            else
                found = said;
        }

        return problems.Count == 0 ? Outcome.Of(found) : problems;
    }

    private static Outcome<GoStatement> Statement(ProjectFile file, int line, string version, string words)
    {
        Place place = new(file.Path, line, 1);
        return Toolchains.GoVersion.Parse(version, place).Then<GoStatement>(parsed => new GoStatement(parsed, place, words));
    }

    private static Problem More(ProjectFile file, int line, string text) => new(ProblemKind.BadInput, "toolchain.two-versions", $"'{text}' is one version too many")
    {
        Where = new(file.Path, line, 1),
        Why = "a project is built with one compiler",
        Mend = "leave one",
    };

    private static string WithoutComment(string line) => line.Split('#')[0].Trim();
}
