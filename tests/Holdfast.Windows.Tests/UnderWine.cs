using Holdfast.Windows.Selftest.Running;

namespace Holdfast.Windows.Tests;

/// <summary>Every test of Holdfast.Windows.Selftest, by its name. All of them are run at once: Windows' runtime starts a single time.</summary>
public sealed class UnderWine(SelftestRun run) : IClassFixture<SelftestRun>
{
    [Theory]
    [SelftestNames]
    public void Selftest(string name)
    {
        var result = run.Of(name);
        Assert.True(result.Message is null, result.Message);
    }

    [Theory]
    [LackedByWine]
    public void On_Windows_alone(string name, string lacked) => Assert.Fail($"{name} needs {lacked}");
}
