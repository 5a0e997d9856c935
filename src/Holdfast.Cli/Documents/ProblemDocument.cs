using System.Text.Json.Nodes;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Documents;

/// <summary>Problems for machines: editors and pipelines.</summary>
internal static class ProblemDocument
{
    public static JsonArray Of(IEnumerable<Problem> problems) => [.. problems.Select(Of)];

    private static JsonNode Of(Problem problem) => new JsonObject
    {
        ["rule"] = problem.Rule,
        ["what"] = problem.What,
        ["file"] = problem.Where?.File,
        ["line"] = problem.Where?.Line,
        ["column"] = problem.Where?.Column,
        ["why"] = problem.Why,
        ["mend"] = problem.Mend,
        ["kind"] = problem.Kind.ToString(),
    };
}
