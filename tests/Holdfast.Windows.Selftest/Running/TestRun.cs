namespace Holdfast.Windows.Selftest.Running;

/// <summary>Runs tests one after the other.</summary>
internal static class TestRun
{
    /// <summary>A test that hangs is told as failed, and ends the run: what it holds is in the way of the others.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <returns>0: all have passed; 1: not all.</returns>
    public static int Run(IReadOnlyList<SelfTest> tests, IReport report)
    {
        var failed = 0;
        foreach (var test in tests)
        {
            var began = TimeProvider.System.GetTimestamp();
            string? message = null;
            var thread = new Thread(() => message = Run(test)) { IsBackground = true };
            thread.Start();
            var ended = thread.Join(Limit);
            var took = TimeProvider.System.GetElapsedTime(began);
            if (!ended) message = $"it has not ended within {Limit.TotalMinutes} min; the tests after it were not run";
            if (message is not null) failed++;
            report.Tell(new(test.Name, message, (long)took.TotalMilliseconds));
            if (ended) continue;
            report.End(tests.Count, failed);
            return 1;
        }

        report.End(tests.Count, failed);
        return failed == 0 ? 0 : 1;
    }

    private static string? Run(SelfTest test)
    {
        try
        {
            test.Run();
            return null;
        }
        catch (Exception failure)
        {
            return failure.ToString();
        }
    }
}
