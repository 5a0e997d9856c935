using System.Text.RegularExpressions;

namespace Holdfast.Core.Tests.House;

/// <summary>A law is kept by a test that is named after it.</summary>
public sealed partial class LawTests
{
    /// <summary>The laws that the code claims to keep so far.</summary>
    private static readonly int[] Kept = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11];

    [Fact]
    public void Every_law_that_is_claimed_has_tests_of_its_name()
    {
        var tested = Repository.AllSources
            .Where(file => file.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(file => LawTest().Matches(Repository.Text(file)))
            .Select(match => int.Parse(match.Groups[1].Value))
            .ToHashSet();

        Findings.AssertNone(Kept.Where(law => !tested.Contains(law)).Select(law => $"law {law}"), "Without a test:");
    }

    [GeneratedRegex(@"\bpublic\b[^(\n]*\bLaw(\d\d)_\w+\(")]
    private static partial Regex LawTest();
}
