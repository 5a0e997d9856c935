using Xunit.Abstractions;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>Agent, supervisor, guard and command are ended at every step of every operation, and everything is as it should be.</summary>
/// <remarks>docs/testing.md says how a run is repeated.</remarks>
public sealed class CrashMatrixTests(ITestOutputHelper output)
{
    /// <summary>Of each operation, in a run of all tests.</summary>
    private const int Sample = 4;

    [CrashFact]
    [Trait("Category", "Slow")]
    public Task Law11_whoever_is_killed_at_any_step_of_an_operation_the_node_is_as_wanted_again() => RunAsync(sample: Sample);

    [CrashFact]
    [Trait("Category", "Soak")]
    public Task Law11_whoever_is_killed_at_each_step_of_each_operation_the_node_is_as_wanted_again() => RunAsync(sample: int.MaxValue);

    private async Task RunAsync(int sample)
    {
        var seed = CrashSeed.Take(output);
        var only = Environment.GetEnvironmentVariable("HOLDFAST_CRASH_ONLY") ?? "";
        await using var node = await CrashNode.StartAsync();
        var matrix = new CrashMatrix(node, output);
        var runs = new List<Queue<CrashRun>>();
        var traced = new HashSet<(Role, string)>();
        foreach (var operation in CrashOperation.All)
        {
            var trace = await matrix.TraceAsync(operation);
            traced.UnionWith(trace.Select(call => (call.Role, CrashPoints.NameOf(call))));
            runs.Add(new(CrashPoints.RunsOf(operation, trace)
                .Where(run => run.ToString().Contains(only, StringComparison.Ordinal))
                .OrderBy(run => CrashSeed.Place(seed, run.ToString()), StringComparer.Ordinal)
                .Take(sample)));
        }

        var listed = CrashPoints.All.SelectMany(role => role.Value.Select(point => (role.Key, point))).ToHashSet();
        output.WriteLine($"{runs.Sum(of => of.Count)} runs");
        foreach (var unlisted in traced.Except(listed).Order())
            output.WriteLine($"without a name: {unlisted}");
        foreach (var unseen in listed.Except(traced).Order())
            output.WriteLine($"not seen this time: {unseen}");

        // Round and round, so that each begins where the one before has led.
        for (var before = -1; before != matrix.Runs;)
        {
            before = matrix.Runs;
            foreach (var queue in runs)
            {
                if (queue.TryDequeue(out var run))
                    await matrix.RunAsync(run);
            }
        }

        output.WriteLine($"{matrix.Runs} operations, {matrix.Ended} with somebody ended; {node.Orders.Captured + node.Ledger.Captured} lines; " +
            $"killed supervisors have cost {node.Orders.Lost + node.Ledger.Lost} of them, {Math.Max(node.Orders.MostLost, node.Ledger.MostLost)} at most");
        Assert.True(matrix.Ended > 0, "nobody was ever ended");
        Assert.Empty(traced.Except(listed));
    }
}
