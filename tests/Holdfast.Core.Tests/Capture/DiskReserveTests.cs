using Holdfast.Core.Capture;

namespace Holdfast.Core.Tests.Capture;

public sealed class DiskReserveTests
{
    private const long GiB = 1L << 30, Total = 100 * GiB;

    private static readonly StoredOutput[] closed =
    [
        Of("payments-0", 1, delivered: true), Of("orders-0", 2, delivered: true), Of("payments-0", 3, delivered: false), Of("orders-0", 4, delivered: true), Of("payments-0", 5, delivered: false),
    ];

    [Fact]
    public void While_enough_is_free_nothing_goes()
    {
        var reserve = new DiskReserve(2 * GiB, null, false);
        Assert.Equal(Reclaiming.Nothing, reserve.Decide(Total, 2 * GiB, closed));
    }

    [Fact]
    public void What_every_sink_has_goes_first_the_oldest_of_all_and_no_more_than_is_needed()
    {
        var decided = new DiskReserve(10 * GiB, null, false).Decide(Total, 8 * GiB, closed);
        Assert.Equal([1, 2], Minutes(decided));
        Assert.Equal(0, decided.Missing);
    }

    [Fact]
    public void What_a_sink_waits_for_goes_only_below_the_half()
    {
        var reserve = new DiskReserve(10 * GiB, null, false);
        var above = reserve.Decide(Total, 5 * GiB, closed);
        Assert.Equal([1, 2, 4], Minutes(above));
        Assert.Equal(2 * GiB, above.Missing);
        var below = reserve.Decide(Total, 1 * GiB, closed);
        Assert.Equal([1, 2, 4, 3], Minutes(below));
        Assert.Equal(5 * GiB, below.Missing);
    }

    [Fact]
    public void And_never_where_it_is_to_be_kept()
    {
        var decided = new DiskReserve(10 * GiB, null, true).Decide(Total, 0, closed);
        Assert.Equal([1, 2, 4], Minutes(decided));
        Assert.Equal(7 * GiB, decided.Missing);
    }

    [Fact]
    public void The_usual_reserve_is_a_GiB_and_of_a_small_disk_a_twentieth()
    {
        Assert.Equal(GiB, DiskReserve.Usual.Of(Total));
        Assert.Equal(GiB / 10, DiskReserve.Usual.Of(2 * GiB));
        Assert.Equal(5 * GiB, new DiskReserve(null, 0.05, false).Of(Total));
    }

    private static StoredOutput Of(string stream, int minute, bool delivered) => new($"/output/{stream}", $"{minute}", GiB, DateTimeOffset.UnixEpoch.AddMinutes(minute), delivered);

    private static IEnumerable<int> Minutes(Reclaiming decided) => decided.Going.Select(one => (int)(one.Ended - DateTimeOffset.UnixEpoch).TotalMinutes);
}
