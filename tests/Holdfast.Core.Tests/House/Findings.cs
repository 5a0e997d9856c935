namespace Holdfast.Core.Tests.House;

/// <summary>What a rule found, all of it at once.</summary>
internal static class Findings
{
    public static void AssertNone(IEnumerable<string> findings, string rule)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, $"{rule}{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", all)}");
    }
}
