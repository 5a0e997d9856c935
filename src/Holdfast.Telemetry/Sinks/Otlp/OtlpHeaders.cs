using Holdfast.Core.Problems;
using Holdfast.Rpc;

namespace Holdfast.Telemetry.Sinks.Otlp;

/// <summary>The headers that a receiver wants, as somebody has written them into a file: a line <c>name: value</c> each. Empty lines, and those that begin with <c>#</c>, are none.</summary>
internal static class OtlpHeaders
{
    /// <summary>Problems: a line is no header. What stands in it may be a secret, and is not repeated.</summary>
    public static Outcome<Metadata> Parse(string text)
    {
        var headers = new Metadata();
        foreach (var (index, line) in text.Split('\n', StringSplitOptions.TrimEntries).Index())
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) return NoHeader(index + 1);
            try
            {
                headers.Add(line[..colon].TrimEnd(), line[(colon + 1)..].TrimStart());
            }
            catch (ArgumentException)
            {
                return NoHeader(index + 1);
            }
        }

        return headers;
    }

    private static Problem NoHeader(int line) => new(ProblemKind.BadInput, "sinks.header", $"line {line} of the file of headers is none")
    {
        Why = "a header is a name of letters, digits and hyphens, and a value of printable ASCII",
        Mend = "name: value",
    };
}
