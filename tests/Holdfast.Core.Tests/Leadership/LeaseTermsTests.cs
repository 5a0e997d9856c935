using Holdfast.Core.Leadership;

namespace Holdfast.Core.Tests.Leadership;

public sealed class LeaseTermsTests
{
    [Fact]
    public void What_must_hold_between_the_moments_of_a_lease_holds_for_every_length()
    {
        for (var seconds = 2; seconds <= 300; seconds++)
        {
            var terms = LeaseTerms.Of(TimeSpan.FromSeconds(seconds), TimeSpan.Zero).Value;
            Assert.True(terms.RenewEvery * 2 < terms.Soft, "two renewals fit before nothing new is let in");
            Assert.True(terms.Soft < terms.Hard && terms.Hard < terms.Watchdog && terms.Watchdog < terms.Length);
            Assert.True(terms.KillWithin > TimeSpan.Zero && terms.Hard + terms.KillWithin < terms.Length * 0.99, "killed before a clock that runs 1 % ahead is at the end");
        }
    }

    [Theory]
    [InlineData(1.999)]
    [InlineData(300.1)]
    [InlineData(0)]
    public void A_length_that_cannot_hold_is_refused(double seconds) =>
        Assert.Equal("lease.length", Assert.Single(LeaseTerms.Of(TimeSpan.FromSeconds(seconds), TimeSpan.Zero).Problems).Rule);

    [Fact]
    public void A_node_that_kills_too_slowly_is_told_which_lease_it_can_keep()
    {
        var kill = TimeSpan.FromMilliseconds(900);
        var problem = Assert.Single(LeaseTerms.Of(TimeSpan.FromSeconds(3), kill).Problems);
        Assert.Equal("lease.kill-time", problem.Rule);
        Assert.Contains("0.82 s", problem.What);
        Assert.Contains("4 s or more", problem.Mend!);
        Assert.True(LeaseTerms.Of(TimeSpan.FromSeconds(4), kill).IsOk);
    }
}
