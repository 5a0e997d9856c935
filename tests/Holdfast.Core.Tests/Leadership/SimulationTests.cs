using System.Collections.Concurrent;
using System.Globalization;
using Holdfast.Testing.Simulation;
using Xunit.Abstractions;

namespace Holdfast.Core.Tests.Leadership;

/// <summary>
/// Law 4 under everything that can happen, in virtual time. HOLDFAST_SIMULATION_SEED repeats one seed; HOLDFAST_SIMULATION_SEEDS says how many others are run.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 10_000, SeedsToFindABreakage = 2000;

    private static readonly string[] Phases = ["Following", "Taking", "Acting", "Stopping", "Giving"];

    [Fact]
    [Trait("Category", "Slow")]
    public void Law04_at_most_one_acts_whatever_happens_to_nodes_network_clocks_and_store()
    {
        var met = new ConcurrentDictionary<(Fault, string), long>();
        var (first, count) = Chosen();
        long events = 0, epochs = 0, accepted = 0, refused = 0, held = 0, attached = 0;
        Parallel.For(first, first + count, seed =>
        {
            var run = LeadershipSimulation.Run(seed);
            Assert.True(run.Violation is null, run.Violation);
            Assert.True(run.Events >= 2000, $"Seed {seed}: only {run.Events} things happened");
            Interlocked.Add(ref events, run.Events);
            Interlocked.Add(ref epochs, run.Epochs);
            Interlocked.Add(ref accepted, run.Effects.Accepted);
            Interlocked.Add(ref refused, run.Effects.Refused);
            Interlocked.Add(ref held, run.Holds.Held);
            Interlocked.Add(ref attached, run.Holds.Attached);
            foreach (var (cell, times) in run.Met) met.AddOrUpdate(cell, times, (_, before) => before + times);
        });
        output.WriteLine($"{count} seeds from {first}: {events} events, {epochs} epochs, {accepted} effects accepted, {refused} of former leaders refused; {held} times an epoch went on without its lease, {attached} times under another one");
        output.WriteLine(Table(met));
        if (count < Seeds) return;
        var empty = Enum.GetValues<Fault>().SelectMany(f => Phases.Select(p => (f, p))).Where(cell => !met.ContainsKey(cell));
        Assert.True(!empty.Any(), $"Never met: {string.Join(", ", empty)}");
        Assert.True(held > 0 && attached > 0, "no epoch was ever held");
        Assert.True(refused > 0, "no effect of a former leader was ever refused: the epoch was not put to the test");
    }

    [Theory]
    [InlineData(Breakage.CountsFromTheAnswer)]
    [InlineData(Breakage.NoDeadlineInTheSupervisor)]
    [InlineData(Breakage.DeadlineTooLate)]
    [InlineData(Breakage.GivesBeforeTheEnd)]
    [InlineData(Breakage.EpochNotRaised)]
    [InlineData(Breakage.TakesWithoutAsking)]
    [InlineData(Breakage.ClockStandsInSuspend)]
    [InlineData(Breakage.IgnoresTheFence)]
    [InlineData(Breakage.PromisesFromMemory)]
    [InlineData(Breakage.BreaksItsPromise)]
    [InlineData(Breakage.PromisesAnything)]
    [InlineData(Breakage.HoldsByMajority)]
    [InlineData(Breakage.TakesUnnamed)]
    public void What_is_broken_on_purpose_is_found(Breakage breakage)
    {
        var found = Enumerable.Range(0, SeedsToFindABreakage).AsParallel().Select(seed => LeadershipSimulation.Run(seed, breakage).Violation).FirstOrDefault(v => v is not null);
        Assert.True(found is not null, $"{breakage} was not found in {SeedsToFindABreakage} seeds");
        output.WriteLine(found);
    }

    [Fact]
    public void A_seed_is_the_same_life_each_time()
    {
        var (one, other) = (LeadershipSimulation.Run(42), LeadershipSimulation.Run(42));
        Assert.Equal((one.Events, one.Epochs, one.Effects), (other.Events, other.Epochs, other.Effects));
        Assert.NotEqual(one.Events, LeadershipSimulation.Run(43).Events);
    }

    private static (int First, int Count) Chosen()
    {
        if (Environment.GetEnvironmentVariable("HOLDFAST_SIMULATION_SEED") is { } one) return (int.Parse(one, CultureInfo.InvariantCulture), 1);
        var many = Environment.GetEnvironmentVariable("HOLDFAST_SIMULATION_SEEDS");
        return (0, many is null ? Seeds : int.Parse(many, CultureInfo.InvariantCulture));
    }

    private static string Table(ConcurrentDictionary<(Fault, string), long> met) => string.Join(
        '\n',
        Enum.GetValues<Fault>().Select(f => $"{f,-20}" + string.Concat(Phases.Select(p => $"{p} {met.GetValueOrDefault((f, p)),-9}")))
            .Prepend("what happened, and in which phase its node was:"));
}
