using System.Globalization;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>Which of the runs: all, or by HOLDFAST_CRASH_PART=2/4 the second of four parts, so that a machine's time need not suffice for the whole. The parts of one seed have every run once.</summary>
internal static class CrashPart
{
    public static IEnumerable<CrashRun> Of(IEnumerable<CrashRun> runs)
    {
        if (Environment.GetEnvironmentVariable("HOLDFAST_CRASH_PART") is not { } given) return runs;
        if (given.Split('/') is not [var first, var second] || !int.TryParse(first, CultureInfo.InvariantCulture, out var part) || !int.TryParse(second, CultureInfo.InvariantCulture, out var parts)
            || part < 1 || part > parts)
        {
            throw new InvalidOperationException($"HOLDFAST_CRASH_PART is '{given}', and is to be like 2/4.");
        }

        if (Environment.GetEnvironmentVariable("HOLDFAST_CRASH_SEED") is null) throw new InvalidOperationException("HOLDFAST_CRASH_PART needs HOLDFAST_CRASH_SEED: parts of other orders overlap.");
        return runs.Where((_, place) => place % parts == part - 1);
    }
}
