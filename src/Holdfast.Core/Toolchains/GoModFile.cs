using System.Text.RegularExpressions;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>
/// What a <c>go.mod</c> says of its toolchain. Read here and not by Go: before 1.21 Go stops at what it does not know, and it is which Go to take that is asked.
/// </summary>
/// <param name="Go">The <c>go</c> line; null: there is none.</param>
/// <param name="Toolchain">The <c>toolchain</c> line; null: there is none, or it says <c>default</c>.</param>
/// <param name="NewForms">Lines that a Go before 1.21 stops at.</param>
internal sealed partial record GoModFile(GoStatement? Go, GoStatement? Toolchain, IReadOnlyList<GoModLine> NewForms)
{
    private static readonly char[] Blank = [' ', '\t'];

    /// <summary>Only the two directives are understood; what else is wrong with the file is for Go to say.</summary>
    public static Outcome<GoModFile> Read(ProjectFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        List<Problem> problems = [];
        Dictionary<string, GoModLine> found = new(StringComparer.Ordinal);
        var inBlock = false;
        foreach (var (number, text) in file.Lines())
        {
            var words = WithoutComment(text).Split(Blank, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            if (inBlock)
            {
                inBlock = words[0] != ")";
                continue;
            }

            var line = new GoModLine(words[0], words[1..], new(file.Path, number, text.IndexOf(words[0], StringComparison.Ordinal) + 1));
            inBlock = words[^1].EndsWith('(');
            if (line.Word.TrimEnd('(') is not ("go" or "toolchain")) continue;
            if (inBlock) problems.Add(Bad(line, "cannot be a block", $"write it in one line: {line.Word.TrimEnd('(')} {line.Example}"));
            else if (!found.TryAdd(line.Word, line)) problems.Add(Bad(line, $"stands there twice, before in line {found[line.Word].Place.Line}", "leave one"));
        }

        var go = found.TryGetValue("go", out var goLine) ? Statement(goLine, GoForm(), problems) : null;
        var toolchain = found.TryGetValue("toolchain", out var toolchainLine) && toolchainLine.Arguments is not ["default"] ? Statement(toolchainLine, ToolchainForm(), problems) : null;
        if (problems.Count > 0) return problems;
        return new GoModFile(go, toolchain, [.. found.Values.Where(line => line.IsNew).OrderBy(line => line.Place.Line)]);
    }

    /// <summary>Why this Go stops at the file: a problem for each line; empty: it does not.</summary>
    public IReadOnlyList<Problem> RefusedBy(GoVersion go)
    {
        ArgumentNullException.ThrowIfNull(go);
        return go.KnowsToolchainLines ? [] : [.. NewForms.Select(line => new Problem(ProblemKind.BadInput, "toolchain.go-mod-too-new", $"Go {go} stops at '{line}'")
        {
            Where = line.Place,
            Why = line.Word == "go" ? "before 1.21 a go line has two numbers" : "there are toolchain lines since 1.21",
            Mend = line.Word == "go" ? "write two numbers, or name Go 1.21 or later" : "remove the line, or name Go 1.21 or later",
        })];
    }

    private static GoStatement? Statement(GoModLine line, Regex form, List<Problem> problems)
    {
        if (line.Arguments is [var given] && form.IsMatch(Unquoted(given)) && GoVersion.TryParse(Unquoted(given), out var version) && !(line.Word == "toolchain" && version.IsLine))
            return new(version, line.Place, line.ToString());
        problems.Add(Bad(line, "names no version of Go", $"write {line.Word} {line.Example}"));
        return null;
    }

    private static Problem Bad(GoModLine line, string what, string mend) => new(ProblemKind.BadInput, "toolchain.go-mod", $"'{line}' {what}") { Where = line.Place, Mend = mend };

    /// <summary>Words may stand in quotes there, of both kinds of Go.</summary>
    private static string Unquoted(string word) => word is [('"' or '`') and var first, .., var last] && first == last ? word[1..^1] : word;

    private static string WithoutComment(string line)
    {
        var comment = line.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 ? line : line[..comment];
    }

    [GeneratedRegex(@"\A[1-9][0-9]*\.(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))?([a-z]+[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex GoForm();

    [GeneratedRegex(@"\Ago[1-9]")]
    private static partial Regex ToolchainForm();
}

/// <summary>One directive in one line.</summary>
internal sealed record GoModLine(string Word, IReadOnlyList<string> Arguments, Place Place)
{
    /// <summary>Whether a Go before 1.21 stops at it.</summary>
    public bool IsNew => Word == "toolchain" || Arguments is not [var version] || version.Count(c => c == '.') != 1 || version.Any(char.IsAsciiLetter);

    public string Example => Word.StartsWith("go", StringComparison.Ordinal) ? "1.22.1" : "go1.22.1";

    public override string ToString() => string.Join(' ', Arguments.Prepend(Word));
}
