using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Tests.Leadership;

public sealed class PromiseTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    [Fact]
    public void Who_follows_and_knows_of_no_later_epoch_promises_and_never_for_less_than_before()
    {
        Assert.Equal(new Promise(4, At(15)), Give(null, 4, known: 4).Value);
        Assert.Equal(new Promise(4, At(15)), Give(null, 4, known: 2).Value);
        Assert.Equal(new Promise(4, At(60)), Give(new(3, At(60)), 4, known: 4).Value);
    }

    [Fact]
    public void Law04_nothing_is_promised_by_one_that_leads_knows_of_a_later_epoch_or_may_have_led_in_one()
    {
        Assert.False(Give(null, 4, known: 4, isFollowing: false).IsOk);
        Assert.False(Give(null, 4, known: 5).IsOk);
        Assert.False(Give(new(5, At(1)), 4, known: 4).IsOk);
        Assert.False(Give(null, 4, known: null).IsOk);
        Assert.False(Promise.Give(null, 4, TimeSpan.FromHours(1), 4, true, At(5)).IsOk);
    }

    [Fact]
    public void One_that_has_seen_nothing_since_it_began_promises_only_what_it_still_does()
    {
        Assert.Equal(new Promise(4, At(15)), Give(new(4, At(6)), 4, known: null).Value);
        Assert.False(Give(new(4, At(5)), 4, known: null).IsOk);
        Assert.False(Give(new(3, At(6)), 4, known: null).IsOk);
    }

    private static Outcome<Promise> Give(Promise? before, long epoch, long? known, bool isFollowing = true) => Promise.Give(before, epoch, Length, known, isFollowing, At(5));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
