using System.Text.Json;
using Holdfast.Windows.Selftest.Running;

namespace Holdfast.Windows.Tests;

/// <summary>One run of the program that holds the tests, and what each of them said.</summary>
public sealed class SelftestRun
{
    private readonly Dictionary<string, TestResult> results = new(StringComparer.Ordinal);

    public SelftestRun()
    {
        if (Wine.Missing is not null) return;
        var file = Path.GetTempFileName();
        try
        {
            Wine.Run(Wine.Selftest, "--under-wine", Wine.PathOf(file));
            foreach (var line in File.ReadLines(file))
            {
                if (JsonSerializer.Deserialize<TestResult>(line) is { } result) results[result.Name] = result;
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    public TestResult Of(string name) =>
        results.GetValueOrDefault(name) ?? new(name, "it was not run: the program ended before, or is older than these tests (./build.sh test builds it)", 0);
}
