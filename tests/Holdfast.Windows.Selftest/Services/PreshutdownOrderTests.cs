using Holdfast.Platform.Windows.Services;

namespace Holdfast.Windows.Selftest.Services;

/// <summary>Which services Windows tells first of its end: a value that others write, too.</summary>
public sealed class PreshutdownOrderTests
{
    [Fact]
    public void A_service_is_added_behind_the_others_once_and_taken_out_again()
    {
        var before = PreshutdownOrder.Read();
        var name = "holdfast-selftest-" + Guid.NewGuid().ToString("n");
        try
        {
            Assert.True(PreshutdownOrder.Add(name).IsOk);
            Assert.True(PreshutdownOrder.Add(name.ToUpperInvariant()).IsOk);
            Assert.Equal([.. before, name], PreshutdownOrder.Read());
        }
        finally
        {
            Assert.True(PreshutdownOrder.Remove(name).IsOk);
        }

        Assert.Equal(before, PreshutdownOrder.Read());
    }
}
