using Xunit.Abstractions;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>Agent, supervisor, guard and command are ended at every step of every operation, and everything is as it should be.</summary>
/// <remarks>docs/testing.md says how a run is repeated.</remarks>
public sealed class CrashMatrixTests(ITestOutputHelper output)
{
    /// <summary>Of each operation, in a run of all tests.</summary>
    private const int Sample = 2;

    /// <summary>A node waits about as much as it computes.</summary>
    private const int NodesPerProcessor = 2;

    [CrashFact]
    [Trait("Category", "Slow")]
    public Task Law11_whoever_is_killed_at_any_step_of_an_operation_the_node_is_as_wanted_again() => RunAsync(sample: Sample, nodes: 1);

    [CrashFact]
    [Trait("Category", "Soak")]
    public Task Law11_whoever_is_killed_at_each_step_of_each_operation_the_node_is_as_wanted_again() =>
        RunAsync(sample: int.MaxValue, nodes: NodesPerProcessor * Environment.ProcessorCount);

    private async Task RunAsync(int sample, int nodes)
    {
        var runs = await ChooseAsync(sample);
        var progress = new CrashProgress(runs.Count);
        // A failure on one node ends none of the others: all that is wrong is told at once.
        var done = await Task.WhenAll(Enumerable.Range(0, nodes).Select(number => RunOnNodeAsync([.. runs.Where((_, place) => place % nodes == number)], progress)));
        output.WriteLine($"{done.Sum(node => node.Runs)} operations on {nodes} nodes, {done.Sum(node => node.Ended)} with somebody ended; " +
            $"{done.Sum(node => node.Captured)} lines; killed supervisors have cost {done.Sum(node => node.Lost)} of them, {done.Max(node => node.MostLost)} at most");
        Assert.True(done.Sum(node => node.Ended) > 0, "nobody was ever ended");
    }

    /// <summary>The runs in their order: from operation to operation, so that each begins where another has led.</summary>
    private async Task<IReadOnlyList<CrashRun>> ChooseAsync(int sample)
    {
        var seed = CrashSeed.Take(output);
        var only = Environment.GetEnvironmentVariable("HOLDFAST_CRASH_ONLY") ?? "";
        await using var node = await CrashNode.StartAsync();
        var matrix = new CrashMatrix(node, output);
        var runs = new List<(int Round, CrashRun Run)>();
        var traced = new HashSet<(Role, string)>();
        foreach (var operation in CrashOperation.All)
        {
            var trace = await matrix.TraceAsync(operation);
            traced.UnionWith(trace.Select(call => (call.Role, CrashPoints.NameOf(call))));
            runs.AddRange(CrashPoints.RunsOf(operation, trace)
                .Where(run => run.ToString().Contains(only, StringComparison.Ordinal))
                .OrderBy(run => CrashSeed.Place(seed, run.ToString()), StringComparer.Ordinal)
                .Take(sample)
                .Select((run, round) => (round, run)));
        }

        var listed = CrashPoints.All.SelectMany(role => role.Value.Select(point => (role.Key, point))).ToHashSet();
        output.WriteLine($"{runs.Count} runs");
        foreach (var unlisted in traced.Except(listed).Order())
            output.WriteLine($"without a name: {unlisted}");
        foreach (var unseen in listed.Except(traced).Order())
            output.WriteLine($"not seen this time: {unseen}");
        Assert.Empty(traced.Except(listed));
        return [.. CrashPart.Of(runs.OrderBy(run => run.Round).Select(run => run.Run))];
    }

    private async Task<NodeAccount> RunOnNodeAsync(IReadOnlyList<CrashRun> runs, CrashProgress progress)
    {
        await using var node = await CrashNode.StartAsync();
        var matrix = new CrashMatrix(node, output);
        foreach (var run in runs)
            progress.Tell(await matrix.RunAsync(run));
        return new(matrix.Runs, matrix.Ended, node.Orders.Captured + node.Ledger.Captured, node.Orders.Lost + node.Ledger.Lost,
            Math.Max(node.Orders.MostLost, node.Ledger.MostLost));
    }

    /// <summary>What was done on a node, and what became of the lines of its services.</summary>
    private sealed record NodeAccount(int Runs, int Ended, long Captured, long Lost, long MostLost);
}
