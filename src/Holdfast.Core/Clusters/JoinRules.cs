using System.Globalization;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Clusters;

/// <summary>What must fit between a cluster and a node that wants to join it.</summary>
public static class JoinRules
{
    /// <summary>More would let deadlines, certificates and the order of records be of two minds.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

    /// <summary>Everything that does not fit, at once.</summary>
    /// <param name="theirVersion">Of the node that wants to join.</param>
    /// <param name="theirNow">What its wall clock says.</param>
    public static IReadOnlyList<Problem> Judge(string ourVersion, string theirVersion, DateTimeOffset ourNow, DateTimeOffset theirNow)
    {
        List<Problem> problems = [];
        if (!AreNeighbours(ourVersion, theirVersion)) problems.Add(JoinProblems.Version(ourVersion, theirVersion));
        if (Clock(ourNow, theirNow) is { } clock) problems.Add(clock);
        return problems;
    }

    /// <summary>Null: the clocks agree well enough.</summary>
    public static Problem? Clock(DateTimeOffset clusterNow, DateTimeOffset joinerNow) =>
        (joinerNow - clusterNow).Duration() > ClockTolerance ? JoinProblems.Clock(joinerNow - clusterNow) : null;

    /// <summary>Of the same major version, and at most one minor version apart.</summary>
    public static bool AreNeighbours(string one, string other) =>
        Parse(one) is var (major, minor) && Parse(other) is var (otherMajor, otherMinor) && major == otherMajor && Math.Abs(minor - otherMinor) <= 1;

    private static (int Major, int Minor)? Parse(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return version.Split('.') is [var major, var minor, ..]
            && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            ? (first, second)
            : null;
    }
}
