using System.Text.Json;
using Holdfast.Core.Auditing;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Telemetry.Auditing;
using Xunit.Abstractions;

namespace Holdfast.Integration.Tests.Crash.Disk;

/// <summary>
/// A real node is recorded at work, every write, rename and sync of it; then the power is cut at any moment of that, on a disk that keeps
/// only what it was asked to keep, and everything is opened again.
/// </summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    [CrashFact]
    [Trait("Category", "Slow")]
    public Task Law11_after_a_power_cut_everything_opens_and_what_was_told_is_there() => RunAsync(states: 60);

    [CrashFact]
    [Trait("Category", "Soak")]
    public Task Law11_after_a_power_cut_at_many_moments_everything_opens_and_what_was_told_is_there() => RunAsync(states: 800);

    private async Task RunAsync(int states)
    {
        var seed = CrashSeed.Take(output);
        var events = await RecordAsync();
        var begun = events.FindIndex(happened => happened.Kind == 'A');
        output.WriteLine($"{events.Count} changes of the disk, {events.Count(happened => happened.Kind == 'S')} syncs");
        var moments = Enumerable.Range(0, states).Select(i => (At: new Random(seed + i).Next(begun + 1, events.Count), Seed: seed + i)).OrderBy(moment => moment.At);

        var model = new DiskModel();
        var (taken, told) = (0, new Told(0, 0, [], []));
        var folder = Directory.CreateTempSubdirectory("hf-cut-").FullName;
        foreach (var moment in moments)
        {
            for (; taken < moment.At; taken++)
            {
                model.Take(events[taken]);
                if (events[taken].Kind == 'A') told = JsonSerializer.Deserialize<Told>(events[taken].Data.Span)!;
            }

            var home = new Home(Path.Combine(folder, "home"));
            model.WriteAfterPowerCut(home.Path, new Random(moment.Seed));
            try
            {
                await new PowerCutChecker(home).CheckAsync(told);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"power cut after change {moment.At} of {events.Count}, state {moment.Seed}, kept in {home.Path}: {failure.Message}", failure);
            }

            Directory.Delete(home.Path, recursive: true);
        }

        Directory.Delete(folder);
    }

    /// <summary>A node from its first file on: services come, change, stop and go on.</summary>
    private static async Task<List<DiskEvent>> RecordAsync()
    {
        await using var node = await CrashNode.StartAsync(recorded: true);
        var log = node.Injection.DiskFile;
        foreach (var change in (Func<Task<CommandResult>>[])
        [
            () => node.DeployAsync("orders", CrashNode.Old),
            () => node.DeployAsync("orders", CrashNode.New),
            () => node.Node.HoldfastAsync("restart", "orders"),
            () => node.Node.HoldfastAsync("stop", "orders"),
            () => node.Node.HoldfastAsync("start", "orders"),
            () => node.Node.HoldfastAsync("rollback", "orders"),
            () => node.DeployAsync("orders", CrashNode.New),
        ])
        {
            // What the journal says before an order is on the disk when the order is answered.
            var journal = LastOfJournal(node.Home);
            (await change()).Ok();
            DiskEvent.Acknowledge(log, JsonSerializer.Serialize(await ToldAsync(node, journal)));
        }

        node.Injection.Disarm();
        return DiskEvent.Read(log);
    }

    private static long LastOfJournal(Home home)
    {
        using var reader = JournalReader.OpenTail(home.Journal, 1, TimeProvider.System);
        return reader.TryRead()?.Sequence ?? 0;
    }

    private static async Task<Told> ToldAsync(CrashNode node, long journal)
    {
        var recorded = await Eventually.SeeAsync(
            "each intention with its outcome",
            () => Task.FromResult(AuditReader.Read(node.Home.Audit, new()).GroupBy(entry => entry.Operation).Where(one => one.First().Outcome == AuditOutcome.Intended).ToList()),
            changes => changes.All(one => one.Last().Outcome != AuditOutcome.Intended));
        var orders = (await node.ListAsync())!.Single(instance => instance.Service == "orders");
        return new(orders.Release, journal, [.. recorded.Select(one => one.Key)], [orders.PackageDigest]);
    }
}
