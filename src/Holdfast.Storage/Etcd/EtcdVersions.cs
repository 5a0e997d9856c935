using System.Globalization;

namespace Holdfast.Storage.Etcd;

/// <summary>What is known of a version of etcd.</summary>
/// <param name="Refused">Why it is not used, as a clause; null: it is.</param>
/// <param name="Warnings">What its users must know, each a clause that ends with the version that has it mended.</param>
public sealed record EtcdJudgement(string? Refused, IReadOnlyList<string> Warnings);

/// <summary>
/// The versions of etcd, by their known faults in what Holdfast relies on: leases, linearizable reads, watches, access. From etcd's CHANGELOGs and issues, each named.
/// </summary>
public static class EtcdVersions
{
    public const string Advised = "3.5.33 or later of 3.5, 3.6.14 or later of 3.6";

    private static readonly Version Oldest = new(3, 4, 0);

    /// <param name="version">As a member says it: <c>3.5.28</c>, <c>3.6.0-rc.1</c>.</param>
    public static EtcdJudgement Judge(string version)
    {
        if (Parse(version) is not { } parsed) return new($"its version is \"{version}\", which nobody knows", []);
        if (parsed < Oldest) return new($"etcd {version} is older than 3.4, and knows no progress of watches", []);
        if (parsed.Minor == 5 && parsed.Build < 3) return new($"etcd {version} can lose data when it is killed (etcd#13766, #14370); 3.5.3 does not", []);
        var warnings = new List<string>();
        if (parsed.Minor == 4) warnings.Add($"etcd {version} is at its end of life, and its faults are no longer mended; 3.5 is the next");
        Warn((3, 5, 13), null, "an etcd leader that hangs can end leases that are kept alive (etcd#15247)");
        Warn((3, 5, 23), (3, 6, 5), "a renewal can be answered as good after its lease has ended (etcd#20615)");
        Warn((3, 5, 28), (3, 6, 9), "a reading after a pause of the process can be old (etcd#20418)");
        Warn((3, 5, 33), (3, 6, 14), "rights of users can be passed by (GHSA-xg4h-6gfc-h4m8)");
        return new(null, warnings);

        void Warn((int, int, int) since5, (int, int, int)? since6, string fault)
        {
            var mended = parsed.Minor <= 5 ? since5 : parsed.Minor == 6 ? since6 : null;
            if (mended is not var (major, minor, build) || parsed >= new Version(major, minor, build)) return;
            warnings.Add($"{fault}; {major}.{minor}.{build} has it mended");
        }
    }

    /// <summary>Whether a watch's word "so far nothing" can be believed: before 3.5.8 it could come ahead of changes (etcd#15220).</summary>
    public static bool ProgressIsTrue(string version) => Parse(version) is { } parsed && parsed >= new Version(3, 5, 8);

    /// <summary>Null: it is not one. What follows the numbers (<c>-rc.1</c>, <c>+git</c>) is passed over.</summary>
    private static Version? Parse(string version)
    {
        var numbers = version.Split('-', '+')[0].Split('.');
        return numbers.Length == 3 && numbers.All(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? Version.Parse(string.Join('.', numbers))
            : null;
    }
}
