using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Units;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Node.Clusters;

/// <summary>What the validation report says of powering nodes off from this one.</summary>
internal static class FencingCheck
{
    /// <param name="rules">As this node's file has them, or what is wrong with it.</param>
    /// <param name="self">This node.</param>
    /// <param name="others">All other nodes.</param>
    /// <param name="unpinned">What the trust policy says against the executables.</param>
    public static IEnumerable<ClusterFinding> Of(Outcome<FencingRules> rules, string self, IReadOnlyList<string> others, IReadOnlyList<Problem> unpinned)
    {
        foreach (var problem in rules.Problems.Concat(unpinned).DistinctBy(problem => problem.What)) yield return Finding("failed", $"{self} cannot power nodes off: {problem.What}", problem.Mend ?? "");
        if (!rules.TryGet(out var known) || others.Count == 0) yield break;
        var covered = others.Where(node => known.For(node) is not null).ToList();
        var open = others.Except(covered).ToList();
        if (covered.Count > 0)
        {
            yield return Finding("ok", $"{self} has a command that powers {string.Join(", ", covered)} off, {(known.AutomaticAfter is { } after ? $"and uses it by itself {DurationText.Format(after)} after the last renewal of who leads" : "for who asks for it (holdfast node fence)")}", "");
        }

        if (covered.Count == 0) yield return Finding("ok", $"{self} has no command that powers a node off: what a lost node leads is taken over when its lease has ended", "");
        else if (open.Count > 0) yield return Finding("warning", $"{self} has no command that powers {string.Join(", ", open)} off", "name it in policy/fencing.yaml");
    }

    private static ClusterFinding Finding(string verdict, string what, string mend) => new() { Subject = "fence", Verdict = verdict, What = what, Mend = mend };
}
