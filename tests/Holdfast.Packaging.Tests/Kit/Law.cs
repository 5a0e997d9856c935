using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Tests.Kit;

public static class Law
{
    /// <summary>The value, or the test fails with every problem.</summary>
    public static T Ok<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.IsOk, string.Join(Environment.NewLine, outcome.Problems));
        return outcome.Value;
    }

    /// <summary>It was refused, by this rule among others, and every problem says what to a person.</summary>
    public static Problem Refused<T>(Outcome<T> outcome, string rule)
    {
        Assert.False(outcome.IsOk, "It was accepted.");
        Assert.All(outcome.Problems, p => Assert.NotEmpty(p.What));
        var problem = outcome.Problems.FirstOrDefault(p => p.Rule == rule);
        Assert.True(problem is not null, $"Refused, but not by {rule}: {string.Join(Environment.NewLine, outcome.Problems)}");
        return problem!;
    }
}
