using Holdfast.Core.Leadership;

namespace Holdfast.Core.Tests.Leadership;

/// <summary>Above which number epochs begin in a store that was restored.</summary>
public sealed class EpochFloorTests
{
    private static readonly DateTimeOffset now = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Law04_a_floor_is_above_what_was_given_since_an_earlier_floor_that_nobody_remembers()
    {
        var earlier = EpochFloor.After(7, now.AddMinutes(-10));
        // Given once in two seconds ever since: far more often than services fail over.
        Assert.True(EpochFloor.After(7, now) > earlier + 300);
    }

    [Fact]
    public void It_is_above_the_last_epoch_that_is_known_even_by_a_wrong_clock()
    {
        Assert.Equal(EpochFloor.Span, EpochFloor.After(0, DateTimeOffset.UnixEpoch));
        var last = EpochFloor.After(0, now);
        Assert.Equal(last + EpochFloor.Span, EpochFloor.After(last, now.AddYears(-20)));
    }
}
