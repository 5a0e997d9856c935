using Holdfast.Packaging.Trust;

namespace Holdfast.Cli.Doctor;

/// <summary>Whether there is a trust policy, and what it trusts.</summary>
internal static class TrustCheck
{
    public static Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel)
    {
        var loaded = TrustPolicy.Load(cli.Home.TrustPolicy);
        return Task.FromResult<IReadOnlyList<Finding>>(loaded.TryGet(out var policy) ? Judge(cli, policy) : [.. loaded.Problems.Select(problem => new Finding(Verdict.Broken, problem.What, problem.Mend))]);
    }

    private static List<Finding> Judge(CliContext cli, TrustPolicy policy)
    {
        var findings = new List<Finding> { new(Verdict.Good, $"The trust policy names {policy.Roots.Count} roots and {policy.HostExecutables.Count} host executables") };
        var now = cli.Time.GetUtcNow();
        foreach (var root in policy.Roots.Where(root => root.NotAfter.ToUniversalTime() < now.UtcDateTime))
            findings.Add(new(Verdict.Lacking, $"The root {root.Subject} expired on {root.NotAfter:yyyy-MM-dd}", "name its successor in the trust policy"));
        return findings;
    }
}
