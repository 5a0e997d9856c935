namespace Holdfast.Windows.Selftest.Running;

/// <summary>For people.</summary>
internal sealed class WordReport : IReport
{
    public void Tell(TestResult result)
    {
        Console.WriteLine($"{(result.Message is null ? "passed" : "FAILED")}  {result.Name} ({result.Milliseconds} ms)");
        if (result.Message is { } message) Console.WriteLine("    " + message.ReplaceLineEndings("\n    "));
    }

    public void End(int tests, int failed) => Console.WriteLine($"{tests - failed} passed, {failed} failed");
}
