using Holdfast.Core.Clusters;

namespace Holdfast.Core.Tests.Clusters;

public sealed class JoinRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("1.4.0", "1.4.9", true)]
    [InlineData("1.4.0", "1.5.0", true)]
    [InlineData("1.4.0", "1.3.7-dev", true)]
    [InlineData("1.4.0", "1.6.0", false)]
    [InlineData("1.4.0", "2.4.0", false)]
    [InlineData("1.4.0", "", false)]
    [InlineData("1.4.0", "1.x", false)]
    [InlineData("1.4.0", "1.-4", false)]
    public void Nodes_of_one_cluster_are_neighbours(string cluster, string joiner, bool fit) =>
        Assert.Equal(fit ? [] : ["cluster.version"], JoinRules.Judge(cluster, joiner, Now, Now).Select(problem => problem.Rule));

    [Theory]
    [InlineData(30, "")]
    [InlineData(-30, "")]
    [InlineData(31, "The clock of this node is 31 s ahead of the cluster's.")]
    [InlineData(-90, "The clock of this node is 90 s behind the cluster's.")]
    public void Clocks_may_be_thirty_seconds_apart_and_more_is_said_by_how_much(int seconds, string what) =>
        Assert.Equal(what, JoinRules.Clock(Now, Now.AddSeconds(seconds))?.What ?? "");

    [Fact]
    public void All_that_does_not_fit_is_said_at_once() =>
        Assert.Equal(["cluster.version", "cluster.clock"], JoinRules.Judge("1.0.0", "3.0.0", Now, Now.AddHours(1)).Select(problem => problem.Rule));

    [Fact]
    public void After_ten_refused_tries_within_a_minute_nobody_joins_for_a_minute()
    {
        var tries = RefusedTries.None;
        for (var second = 0; second < 9; second++) tries = tries.Add(TimeSpan.FromSeconds(second));
        Assert.False(tries.IsClosed(TimeSpan.FromSeconds(9)));
        var closed = tries.Add(TimeSpan.FromSeconds(9));
        Assert.True(closed.IsClosed(TimeSpan.FromSeconds(68)));
        Assert.False(closed.IsClosed(TimeSpan.FromSeconds(69)));
        // Spread over more than a minute they close nothing.
        Assert.False(tries.Add(TimeSpan.FromSeconds(61)).IsClosed(TimeSpan.FromSeconds(61)));
    }
}
