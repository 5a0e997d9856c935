using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Rpc;

namespace Holdfast.Node.Tests.Api;

public sealed class ProblemTranslationTests
{
    [Fact]
    public void Problems_cross_the_api_whole()
    {
        IReadOnlyList<Problem> problems =
        [
            new(ProblemKind.BadInput, "spec.unknown-key", "'comand' is not a key.")
            {
                Where = new Place("holdfast.yaml", 3, 1), Why = "Unknown keys are errors.", Mend = "Did you mean 'command'?",
            },
            new(ProblemKind.Refused, "values.not-open", "'limits' is not open."),
        ];

        var exception = ProblemTranslation.ToException(problems);

        Assert.Equal(StatusCode.InvalidArgument, exception.Status.Code);
        Assert.Equal("'comand' is not a key.", exception.Status.Detail);
        Assert.Equal(problems, ProblemTranslation.ToProblems(exception));
    }

    [Fact]
    public void Every_kind_of_problem_has_a_status_of_its_own_and_comes_back()
    {
        foreach (var kind in Enum.GetValues<ProblemKind>())
            Assert.Equal(kind, ProblemTranslation.KindOf(ProblemTranslation.CodeOf(kind)));
        Assert.Equal(Enum.GetValues<ProblemKind>().Length, Enum.GetValues<ProblemKind>().Select(ProblemTranslation.CodeOf).Distinct().Count());
    }

    [Fact]
    public void More_problems_than_a_header_can_hold_are_cut_with_a_word()
    {
        var problems = Enumerable.Range(0, 10_000).Select(i => new Problem(ProblemKind.BadInput, "spec.x", $"Problem {i}.")).ToList();

        var back = ProblemTranslation.ToProblems(ProblemTranslation.ToException(problems));

        Assert.InRange(back.Count, 100, 5_000);
        Assert.Equal($"{10_000 - (back.Count - 1)} more problems did not fit into the answer.", back[^1].What);
    }

    [Fact]
    public void A_status_without_problems_becomes_one()
    {
        var problem = Assert.Single(ProblemTranslation.ToProblems(new RpcException(StatusCode.FailedPrecondition, "Busy.")));

        Assert.Equal(new Problem(ProblemKind.Conflict, "api.failed-precondition", "Busy."), problem);
    }
}
