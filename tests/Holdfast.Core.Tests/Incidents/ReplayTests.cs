using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;
using Holdfast.Core.Placement;
using Holdfast.Core.Services;
using Holdfast.Testing.Simulation;

namespace Holdfast.Core.Tests.Incidents;

/// <summary>What was decided is decided again, and what is decided otherwise is found.</summary>
public class ReplayTests
{
    [Fact]
    public void A_life_with_all_its_faults_is_decided_again_the_same()
    {
        var kinds = new HashSet<Type>();
        for (var seed = 0; seed < 12; seed++)
        {
            var bundle = Decisions.Read(Decisions.Bundle(Decisions.Lived(seed))).Value;
            Assert.True(bundle.Decisions.Count > 100, $"Seed {seed}: only {bundle.Decisions.Count} decisions");
            Assert.All(bundle.Decisions, decided => Assert.Empty(Replay.Of(decided)));
            foreach (var decided in bundle.Decisions) Note(decided.Decision, kinds);
        }

        Type[] all = [.. new[] { typeof(LeadershipPhase), typeof(LeadershipInput), typeof(LeaseState), typeof(HoldInput) }.SelectMany(type => type.GetNestedTypes()).Where(type => !type.IsGenericType)];
        Assert.Empty(all.Except(kinds));
    }

    [Fact]
    public void A_leader_that_acts_in_an_epoch_that_is_not_raised_is_found_in_what_it_recorded()
    {
        // As a version would have recorded it that forgot to raise the epoch: the fault of Breakage.EpochNotRaised, in the decision itself.
        var taken = Decisions.Lived(1).First(decided => decided.Decision is Decision.OfLeadership { Step.Effects: [LeadershipEffect.Take { Epoch: > 1 }] });
        var made = (Decision.OfLeadership)taken.Decision;
        var take = (LeadershipEffect.Take)made.Step.Effects[0];
        var broken = taken with { Decision = made with { Step = made.Step with { Effects = [take with { Epoch = take.Epoch - 1 }] } } };
        var difference = Assert.Single(Replay.Of(broken));
        Assert.Equal(("step.effects[0].epoch", $"{take.Epoch - 1}", $"{take.Epoch}"), (difference.Where, difference.Then, difference.Now));
    }

    [Fact]
    public void Whatever_differs_is_found()
    {
        foreach (var decided in Decisions.Lived(2))
        {
            var others = decided.Decision switch
            {
                Decision.OfLeadership made => new Decision[]
                {
                    made with { Step = made.Step with { Reason = made.Step.Reason + "?" } }, made with { Step = made.Step with { Effects = [.. made.Step.Effects, new LeadershipEffect.Alarm("")] } },
                    made with { Step = made.Step with { State = made.Step.State with { Attempt = made.Step.State.Attempt + 1 } } },
                },
                Decision.OfLease made =>
                [
                    made with { Step = made.Step with { Reason = made.Step.Reason + "?" } }, made with { Step = made.Step with { Effects = [.. made.Step.Effects, new LeaseEffect.Ask(TimeSpan.Zero)] } },
                    made with { Step = made.Step with { State = new LeaseState.None(TimeSpan.FromTicks(1), 99) } },
                ],
                Decision.OfHold made =>
                [
                    made with { Step = made.Step with { Reason = made.Step.Reason + "?" } }, made with { Step = made.Step with { Effects = [.. made.Step.Effects, new HoldEffect.Fence("")] } },
                    made with { Step = made.Step with { State = made.Step.State with { Attempt = made.Step.State.Attempt + 1 } } },
                ],
                _ => [],
            };
            Assert.All(others, other => Assert.NotEmpty(Replay.Of(decided with { Decision = other })));
        }
    }

    /// <summary>A deadline that is counted from the answer is a fault of who asks, not of what is decided: the record shows what was heard, and when.</summary>
    [Fact]
    public void Faults_around_the_decisions_leave_the_decisions_as_they_are() =>
        Assert.All(Decisions.Lived(3, Breakage.CountsFromTheAnswer), decided => Assert.Empty(Replay.Of(decided)));

    [Fact]
    public void A_moment_that_no_clock_has_is_a_difference_and_ends_nothing()
    {
        var lost = new LeaseState.Held(1, LeaseTerms.Of(TimeSpan.FromSeconds(3), TimeSpan.Zero).Value, TimeSpan.MaxValue, TimeSpan.Zero, TimeSpan.Zero, null);
        var decision = new Decision.OfLease(lost, new LeaseInput.TimePassed(), TimeSpan.Zero, TimeSpan.Zero, new(lost, [], ""));
        Assert.Contains("none can be made", Assert.Single(Replay.Of(Decisions.Line(decision))).Now, StringComparison.Ordinal);
    }

    [Fact]
    public void Placements_are_decided_again_from_what_mattered()
    {
        var chance = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            NodeFacts[] nodes =
            [
                .. Enumerable.Range(1, 4).Select(i => new NodeFacts(
                    $"node-{i}", chance.Next(4) == 0 ? new NodePresence.Lost(Decisions.Noon.AddSeconds(-chance.Next(60))) : new NodePresence.Alive(),
                    chance.Next(5) == 0 ? new NodeEligibility.Drained("new disks") : new NodeEligibility.Active())),
            ];
            var services = new PlacedServices(Enumerable.Range(1, 9).Select(i => new PlacedService($"s{i}", Spec(chance), new([.. nodes.Where(_ => chance.Next(3) == 0).Select(node => node.Name)]))));
            var (spec, present) = (Spec(chance), new PlacementRecord(["node-1"]));
            var made = services.Made("s1", spec, present, nodes, Decisions.Noon, services.Decide("s1", spec, present, nodes, Decisions.Noon));
            Assert.Empty(Replay.Of(Decisions.Line(made) with { Service = "s1" }));
        }
    }

    private static PlacementSpec Spec(Random chance) => new()
    {
        Mode = (PlacementMode)chance.Next(3), Replicas = chance.Next(1, 4), Preferred = [$"node-{chance.Next(1, 5)}"], Avoid = [$"s{chance.Next(1, 10)}"], NeverWith = [$"s{chance.Next(1, 10)}"],
    };

    private static void Note(Decision decision, HashSet<Type> kinds)
    {
        switch (decision)
        {
            case Decision.OfLeadership made:
                kinds.UnionWith([made.Input.GetType(), made.Before.Phase.GetType(), made.Step.State.Phase.GetType()]);
                break;
            case Decision.OfHold made:
                kinds.Add(made.Input.GetType());
                break;
            case Decision.OfLease made:
                kinds.UnionWith([made.Before.GetType(), made.Step.State.GetType()]);
                break;
        }
    }
}
