using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Tests.Services.Units;

public sealed class UnitTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("10m", 600_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("14d", 1_209_600_000)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("0.001s", 1)]
    public void A_duration_is_read(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("+5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("2min")]
    [InlineData("0.5ms")]
    [InlineData(".5s")]
    [InlineData("5.s")]
    [InlineData("1e3s")]
    [InlineData("1,5s")]
    [InlineData("٥s")]
    [InlineData("99999999d")]
    public void What_is_not_a_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("00:00", 0)]
    [InlineData("04:05", 245)]
    [InlineData("23:59", 1439)]
    public void A_time_of_day_is_read_and_written_the_same(string text, int minutes)
    {
        Assert.True(TimeText.TryParse(text, out var time));
        Assert.Equal(TimeSpan.FromMinutes(minutes), time.ToTimeSpan());
        Assert.Equal(text, TimeText.Format(time));
        Assert.Matches(TimeText.Pattern, text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4:05")]
    [InlineData("24:00")]
    [InlineData("22:60")]
    [InlineData("22")]
    [InlineData("22:00:00")]
    [InlineData(" 22:00")]
    [InlineData("10:00 pm")]
    [InlineData("2200")]
    public void What_is_not_a_time_of_day_is_refused(string text)
    {
        Assert.False(TimeText.TryParse(text, out _));
        Assert.DoesNotMatch(TimeText.Pattern, text);
    }

    [Theory]
    [InlineData("512KiB", 524_288)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("10MB", 10_000_000)]
    [InlineData("100B", 100)]
    [InlineData("8388607TiB", 8388607L << 40)]
    public void A_size_is_read(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out var size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("512")]
    [InlineData("512M")]
    [InlineData("1gib")]
    [InlineData("0.5B")]
    [InlineData("8388608TiB")]
    [InlineData("9999999999999999999TiB")]
    [InlineData("-1KiB")]
    public void What_is_not_a_size_is_refused(string text) => Assert.False(SizeText.TryParse(text, out _));

    [Theory]
    [InlineData("1.5", 1500)]
    [InlineData("250m", 250)]
    [InlineData("2", 2000)]
    [InlineData("0.001", 1)]
    public void Cores_are_read(string text, int millicores)
    {
        Assert.True(CoresText.TryParse(text, out var cores));
        Assert.Equal(millicores, cores);
    }

    [Theory]
    [InlineData("1.5m")]
    [InlineData("0.0005")]
    [InlineData("50%")]
    [InlineData("5000")]
    [InlineData("")]
    public void What_are_no_cores_is_refused(string text) => Assert.False(CoresText.TryParse(text, out _));

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("2-3", 2, 3)]
    [InlineData("8191", 8191, 8191)]
    public void CPUs_are_read(string text, int first, int last)
    {
        Assert.True(CpuSetText.TryParsePart(text, out var part));
        Assert.Equal((first, last), part);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("3-2")]
    [InlineData("1-2-3")]
    [InlineData("0-8192")]
    [InlineData("all")]
    public void What_names_no_CPU_is_refused(string text)
    {
        Assert.False(CpuSetText.TryParsePart(text, out _));
        Assert.Null(CpuSetText.Numbers("0," + text));
    }

    [Fact]
    public void A_set_of_CPUs_survives_being_written_and_read() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.NonEmptyListOf(Gen.Choose(0, CpuSetText.Most)).ToArbitrary(),
        cpus => CpuSetText.Numbers(CpuSetText.Format(cpus))!.SequenceEqual(cpus.Distinct().Order())));

    [Fact]
    public void A_duration_survives_being_written_and_read() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, int.MaxValue).Select(n => TimeSpan.FromMilliseconds((long)n * 1000 / ((n % 997) + 1))).ToArbitrary(),
        duration => DurationText.TryParse(DurationText.Format(duration), out var read) && read == duration));

    [Fact]
    public void A_size_survives_being_written_and_read() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 62).SelectMany(bits => Gen.Choose(0, 1 << 20).Select(n => (long)n << Math.Min(bits, 40))).ToArbitrary(),
        bytes => SizeText.TryParse(SizeText.Format(bytes), out var read) && read == bytes));

    [Fact]
    public void Cores_survive_being_written_and_read() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, CoresText.Most).ToArbitrary(),
        cores => CoresText.TryParse(CoresText.Format(cores), out var read) && read == cores));

    [Fact]
    public void No_text_at_all_makes_them_fail_and_the_schema_takes_all_that_they_take() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
            Gen.Choose(0, 100_000).SelectMany(n => Gen.Elements("ms", "s", "m", "h", "d", "KiB", "MB", "B", "", ".5s", ".25GiB", "m").Select(unit => n + unit))).ToArbitrary(),
        text => (!DurationText.TryParse(text, out _) || Matches(DurationText.Pattern, text))
            && (!SizeText.TryParse(text, out _) || Matches(SizeText.Pattern, text))
            && (!CoresText.TryParse(text, out _) || Matches(CoresText.Pattern, text))));

    private static bool Matches(string pattern, string text) => System.Text.RegularExpressions.Regex.IsMatch(text, pattern);
}
