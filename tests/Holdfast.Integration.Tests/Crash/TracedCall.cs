using System.Globalization;
using System.Text.RegularExpressions;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>A call by which one of our processes changed something.</summary>
internal sealed partial record TracedCall(Role Role, string Kind, string Path)
{
    /// <summary>The path with a * for whatever is another one next time; as a pattern it matches the path.</summary>
    public string Pattern => Everything().Replace(Path, found => found.Groups.Cast<Group>().Skip(1).Single(group => group.Success).Name switch
    {
        "digest" => "sha256-*",
        "staged" => ".staged-*",
        "removed" => ".removed-*",
        "pushed" => "incoming/*",
        "unfinished" => "*.unfinished",
        "segment" => "*.seg",
        "audit" => "audit/*.jsonl",
        "instance" => "*-0",
        "cgroup" => "holdfast-*",
        _ => "*",
    });

    public static TracedCall Parse(string line)
    {
        var parts = line.Split(' ', 2);
        var rest = parts[1];
        // The only kind with a blank in its object: "kill signal 15".
        var blank = rest.IndexOf(' ', StringComparison.Ordinal);
        return new((Role)int.Parse(parts[0], CultureInfo.InvariantCulture), rest[..blank], rest[(blank + 1)..]);
    }

    [GeneratedRegex(@"(?<digest>sha256-[0-9a-f]{64})|(?<staged>\.staged-[^/]+)|(?<removed>\.removed-[^/]+)|(?<pushed>incoming/.+)|(?<unfinished>\d+-\d+\.unfinished)|(?<segment>\d{19}\.seg)|(?<audit>audit/\d+-\d+\.jsonl)|(?<cgroup>^holdfast-[0-9a-f]{12})|(?<copied>(?<=^upgrade\.check/).+)|(?<instance>(?<=^|/)\.?(?:orders|ledger)-0)")]
    private static partial Regex Everything();
}
