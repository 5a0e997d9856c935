using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Tests.NativeServices;

public sealed class ScmProblemsTests
{
    [Fact]
    public void Every_number_has_words_a_reason_and_a_mend()
    {
        Assert.Superset(Enumerable.Range(1051, 23).Select(number => (uint)number).ToHashSet(), ScmProblems.Known.ToHashSet());
        foreach (var error in ScmProblems.Known)
        {
            var problem = ScmProblems.Explain(error, "orders");
            Assert.StartsWith("scm.", problem.Rule, StringComparison.Ordinal);
            Assert.Contains($"(error {error})", problem.What, StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty(problem.Why) || string.IsNullOrEmpty(problem.Mend));
            Assert.DoesNotContain("NAME", problem.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_password_that_has_expired_is_told_as_what_it_is() => Assert.Equal(
        "orders could not log on (error 1069) (the password has changed or expired, which the SCM does not notice, or the account lacks the right to log on as a service); "
        + "`service edit orders --account …` sets the password anew and grants the right; managed (gMSA) and virtual accounts have no password that expires [scm.logon-failed]",
        ScmProblems.Explain(1069, "orders").ToString());

    [Theory]
    [InlineData(1060, ProblemKind.NotFound)]
    [InlineData(1056, ProblemKind.Conflict)]
    [InlineData(1072, ProblemKind.Conflict)]
    [InlineData(1058, ProblemKind.Refused)]
    [InlineData(1053, ProblemKind.Failed)]
    [InlineData(5, ProblemKind.Refused)]
    [InlineData(4711, ProblemKind.Failed)]
    public void The_kind_decides_the_exit_code(uint error, ProblemKind kind) => Assert.Equal(kind, ScmProblems.Explain(error, "orders").Kind);
}
