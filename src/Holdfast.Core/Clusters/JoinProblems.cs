using System.Globalization;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Clusters;

/// <summary>Why a node may not join. Rule names are append-only.</summary>
public static class JoinProblems
{
    private const string Another = "ask for another one: `holdfast cluster token --for NODE` on the node that has the authority";

    public static Problem TokenWrong() => new(ProblemKind.Refused, "cluster.token-wrong", "The cluster knows no such token.")
    {
        Why = "it was given out by another cluster, or longer ago than a day",
        Mend = Another,
    };

    public static Problem TokenUsed(DateTimeOffset at) => new(ProblemKind.Refused, "cluster.token-used", $"The token was used on {Utc(at)}.")
    {
        Why = "a token is good once; if it was not you, somebody else has it",
        Mend = $"look who joined (`holdfast audit list`, `holdfast certs list`), and if it was not you, `holdfast certs revoke` that node; {Another}",
    };

    public static Problem TokenExpired(DateTimeOffset until) => new(ProblemKind.Refused, "cluster.token-expired", $"The token was good until {Utc(until)}.") { Mend = Another };

    public static Problem TokenOfOtherNode(string node) => new(ProblemKind.Refused, "cluster.token-other-node", $"The token is not for a node called '{node}'.")
    {
        Mend = "join without --node, which takes the token's own name, or ask for a token for that one",
    };

    public static Problem TooManyTries() => new(ProblemKind.Refused, "cluster.too-many-tries", $"Nobody can join for the moment: {RefusedTries.Most} tries were refused within a minute.")
    {
        Mend = "wait for a minute; `holdfast audit list` on the node that has the authority says where they came from",
    };

    public static Problem TooManyAtOnce() => new(ProblemKind.Unavailable, "cluster.too-many-at-once", "Too many ask to join at this moment.")
    {
        Why = "who asks has shown no certificate, and may be anybody: only so many are listened to at once",
        Mend = "try again in half a minute; the token is still good",
    };

    public static Problem NameTaken(string node) => new(ProblemKind.Conflict, "cluster.name-taken", $"There is a node called '{node}': its certificate is good.")
    {
        Why = "two nodes of one name would be one to everybody else",
        Mend = $"take another name for this one, or, if that node is gone for good: `holdfast certs revoke node/{node}` where the authority is",
    };

    public static Problem Clock(TimeSpan ahead) => new(ProblemKind.Refused, "cluster.clock", $"The clock of this node is {Seconds(ahead.Duration())} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the cluster's.")
    {
        Why = $"more than {Seconds(JoinRules.ClockTolerance)} let certificates and records be of two minds",
        Mend = "set it (chrony, w32tm), then join again: the token is still good",
    };

    public static Problem Version(string cluster, string joiner) => new(ProblemKind.Refused, "cluster.version", $"This node has version {Shown(joiner)}, and the cluster {cluster}.")
    {
        Why = "nodes of one cluster are of the same major version and at most one minor version apart",
        Mend = $"install {cluster} here, or upgrade the cluster first; the token is still good",
    };

    public static Problem NoAuthority(string node) => new(ProblemKind.Conflict, "cluster.no-authority", $"The node {node} gives out no certificates: it has no authority.")
    {
        Mend = "ask the node that has it (`holdfast certs list` works there), or make one with `holdfast certs init`",
    };

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");

    /// <summary>It is somebody's word, and goes to terminals and into the record.</summary>
    private static string Shown(string version) => version.Length is > 0 and <= 40 && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+') ? version : "?";
}
