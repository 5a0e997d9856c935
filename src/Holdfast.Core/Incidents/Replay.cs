using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Core.Leadership;
using Holdfast.Core.Placement;

namespace Holdfast.Core.Incidents;

/// <summary>Makes a decision again, by the same functions.</summary>
public static class Replay
{
    /// <summary>Where what this version decides is not what was decided then; empty: it decides the same.</summary>
    public static IReadOnlyList<ReplayDifference> Of(IncidentLine.Decided then)
    {
        ArgumentNullException.ThrowIfNull(then);
        try
        {
            var differences = new List<ReplayDifference>();
            Compare("", JsonSerializer.SerializeToNode(then.Decision, DecisionJson.Default.Decision), JsonSerializer.SerializeToNode(Again(then), DecisionJson.Default.Decision), differences);
            return differences;
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            // Moments that no clock has: nothing was ever decided at them, and somebody wrote this. The other decisions are made again all the same.
            return [new("", "a decision", $"none can be made from this: {e.Message}")];
        }
    }

    private static Decision Again(IncidentLine.Decided then) => then.Decision switch
    {
        Decision.OfLeadership made => made with { Step = LeadershipMachine.Step(made.Before, made.Input, made.Clock, made.Wall) },
        Decision.OfLease made => made with { Step = LeaseMachine.Step(made.Before, made.Input, made.Clock, made.Kill) },
        Decision.OfHold made => made with { Step = HoldMachine.Step(made.Before, made.Input, made.Clock) },
        Decision.OfPlacement made => made with
        {
            Answer = PlacementMachine.Decide(new(then.Service, made.Spec, made.Present, made.Nodes, made.Others, node => made.OthersOn.GetValueOrDefault(node), made.Wall)),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(then), then.Decision, "No such decision."),
    };

    private static void Compare(string where, JsonNode? then, JsonNode? now, List<ReplayDifference> differences)
    {
        switch (then, now)
        {
            case (JsonObject one, JsonObject other):
                foreach (var name in one.Select(member => member.Key).Union(other.Select(member => member.Key))) Compare(where.Length == 0 ? name : $"{where}.{name}", one[name], other[name], differences);
                break;
            case (JsonArray one, JsonArray other):
                for (var i = 0; i < Math.Max(one.Count, other.Count); i++) Compare($"{where}[{i}]", i < one.Count ? one[i] : null, i < other.Count ? other[i] : null, differences);
                break;
            default:
                if (!JsonNode.DeepEquals(then, now)) differences.Add(new(where, Text(then), Text(now)));
                break;
        }
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}

/// <summary>Where two decisions from the same inputs differ.</summary>
/// <param name="Where">The member, as in the bundle: <c>step.effects[0].epoch</c>.</param>
/// <param name="Then">What was decided; JSON.</param>
/// <param name="Now">What this version decides.</param>
public sealed record ReplayDifference(string Where, string Then, string Now);
