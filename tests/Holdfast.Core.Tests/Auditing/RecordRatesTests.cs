using Holdfast.Core.Auditing;

namespace Holdfast.Core.Tests.Auditing;

/// <summary>How many records of its own an instance may append.</summary>
public sealed class RecordRatesTests
{
    [Fact]
    public void A_minutes_worth_may_come_at_once_and_then_as_many_as_a_minute_has()
    {
        var rates = RecordRates.Full;
        TimeSpan? wait;
        for (var i = 0; i < 60; i++)
        {
            (rates, wait) = rates.Take("payments-0", 60, Seconds(100));
            Assert.Null(wait);
        }

        (rates, wait) = rates.Take("payments-0", 60, Seconds(100));
        Assert.Equal(Seconds(1), wait);
        // Another one has a bucket of its own.
        (rates, wait) = rates.Take("orders-0", 60, Seconds(100));
        Assert.Null(wait);
        (rates, wait) = rates.Take("payments-0", 60, Seconds(100.5));
        Assert.Equal(Seconds(0.5), wait);
        (rates, wait) = rates.Take("payments-0", 60, Seconds(101));
        Assert.Null(wait);
        (_, wait) = rates.Take("payments-0", 60, Seconds(101));
        Assert.Equal(Seconds(1), wait);
    }

    [Fact]
    public void Who_waits_as_long_as_he_is_told_may_append_and_one_that_is_refused_costs_nothing()
    {
        var (rates, wait) = RecordRates.Full.Take("payments-0", 1, Seconds(0));
        Assert.Null(wait);
        for (var i = 1; i < 50; i++)
        {
            (rates, wait) = rates.Take("payments-0", 1, Seconds(i));
            Assert.Equal(Seconds(60 - i), wait);
        }

        (_, wait) = rates.Take("payments-0", 1, Seconds(60));
        Assert.Null(wait);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(600)]
    public void Over_time_nobody_appends_more_than_he_may_whatever_he_tries(int perMinute)
    {
        var random = new Random(perMinute);
        var (rates, now, taken) = (RecordRates.Full, TimeSpan.Zero, 0L);
        while (now < TimeSpan.FromHours(1))
        {
            (rates, var wait) = rates.Take("payments-0", perMinute, now);
            if (wait is null) taken++;
            now += TimeSpan.FromMilliseconds(random.Next(0, 200));
        }

        Assert.InRange(taken, 0, (perMinute * 60L) + perMinute);
    }

    [Fact]
    public void Only_those_whose_bucket_is_not_full_are_remembered()
    {
        var rates = RecordRates.Full;
        for (var i = 0; i < 100; i++) (rates, _) = rates.Take($"orders-{i}", 60, Seconds(i * 10));
        Assert.Equal(1, rates.Count);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
