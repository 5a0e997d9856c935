using FsCheck;
using FsCheck.Fluent;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Tests.Wire;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "1n")]
    [InlineData(1, "100n")]
    [InlineData(10_000, "1000000n")]
    [InlineData(10_000_000, "1000000u")]
    [InlineData(36_000_000_000, "3600000m")]
    [InlineData(36_000_000_000_000, "3600000S")]
    public void A_timeout_takes_the_finest_unit_that_holds_it(long ticks, string text) =>
        Assert.Equal(text, TimeoutText.Format(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void A_timeout_never_gets_shorter_on_the_wire_nor_noticeably_longer() =>
        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<NonNegativeInt>(), (a, b) =>
        {
            var time = TimeSpan.FromTicks((long)a.Get * (1 + (b.Get % 1_000_000)));
            var text = TimeoutText.Format(time);
            Assert.True(text.Length <= 9);
            Assert.True(TimeoutText.TryParse(text, out var back));
            Assert.InRange(back.Ticks, time.Ticks, time.Ticks + Math.Max(10, time.Ticks / 1000));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1H", 3600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("4m", 4)]
    public void Every_unit_is_read(string text, long milliseconds)
    {
        Assert.True(TimeoutText.TryParse(text, out var time));
        Assert.Equal(milliseconds, time.TotalMilliseconds);
    }

    [Fact]
    public void Any_message_survives_its_coding_and_is_printable_on_the_way() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            // Half a surrogate pair is no text; UTF-8 cannot carry it.
            var sound = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text ?? ""));
            var coded = PercentText.Encode(sound);
            Assert.False(coded.AsSpan().ContainsAnyExceptInRange(' ', '~'));
            Assert.Equal(sound, PercentText.Decode(coded));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%E2%98%BA", "☺")]
    public void A_broken_sequence_stays_as_it_stands(string coded, string text) =>
        Assert.Equal(text, PercentText.Decode(coded));

    [Fact]
    public void A_name_or_value_that_cannot_travel_is_refused_where_it_is_made()
    {
        Assert.Throws<ArgumentException>(() => new MetadataEntry("spa ce", "x"));
        Assert.Throws<ArgumentException>(() => new MetadataEntry("name", "ü"));
        Assert.Throws<ArgumentException>(() => new MetadataEntry("name", "a\r\nb: c"));
        Assert.Throws<ArgumentException>(() => new MetadataEntry("name-bin", "x"));
        Assert.Throws<ArgumentException>(() => new MetadataEntry("name", [1]));
    }
}
