using System.Text.Json.Nodes;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Output;

/// <summary>
/// The one door to the outside: results go to <see cref="Out"/>, everything said about them to stderr.
/// With machine output nothing else is on stdout.
/// </summary>
/// <param name="output">stdout; flushed by <see cref="Flush"/>.</param>
/// <param name="error">stderr.</param>
/// <param name="isTerminal">Whether a person looks at stdout directly.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isTerminal)
{
    public TextWriter Out => output;

    public TextWriter Error => error;

    public bool IsTerminal => isTerminal;

    /// <summary>One line of the result.</summary>
    public void Line(string text) => output.Write(Printable.Text(text) + "\n");

    /// <summary>A line that a service wrote: as it is, but harmless where a terminal would obey it.</summary>
    public void Foreign(string text) => output.Write((isTerminal ? Printable.Text(text) : text) + "\n");

    /// <summary>A word about the work, which is not its result.</summary>
    public void Say(string text) => error.Write(Printable.Text(text) + "\n");

    /// <summary>Every problem on a line of its own; the exit code is the first one's.</summary>
    public int Fail(IReadOnlyList<Problem> problems)
    {
        foreach (var problem in problems) Say(problem.ToString().ReplaceLineEndings(" "));
        return ExitCode.For(problems[0].Kind);
    }

    public int Fail(Problem problem) => Fail([problem]);

    /// <summary>The whole result as a document.</summary>
    public void Document(JsonNode document, OutputFormat format) => output.Write(DocumentText.Of(document, format));

    public void Flush() => output.Flush();
}
