using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xunit.Abstractions;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>What chooses among runs: printed, and taken from HOLDFAST_CRASH_SEED where that is set.</summary>
internal static class CrashSeed
{
    public static int Take(ITestOutputHelper output)
    {
        var seed = Environment.GetEnvironmentVariable("HOLDFAST_CRASH_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"HOLDFAST_CRASH_SEED={seed}");
        return seed;
    }

    /// <summary>The place of a run among all, by its name: the same seed chooses the same runs although others come and go.</summary>
    public static string Place(int seed, string name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {name}")));
}
