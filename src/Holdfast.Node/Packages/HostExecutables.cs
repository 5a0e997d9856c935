using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Packages;

/// <summary>Law 1 for what a spec runs that is not in its package: each must be pinned by the trust policy, and is digested before a release is accepted.</summary>
internal sealed class HostExecutables(Home home, PackageStore packages)
{
    public async Task<Outcome<Done>> AdmitAsync(ServiceSpec spec, CancellationToken cancel)
    {
        var used = SpecCommands.Of(spec).Select(one => one.Command[0]).Where(Path.IsPathFullyQualified).Distinct().ToList();
        if (used.Count == 0)
            return Outcome.Done;
        var policy = TrustPolicy.Load(home.TrustPolicy);
        if (!policy.TryGet(out var trusted))
            return Outcome.Failed<Done>(policy.Problems);

        var problems = new List<Problem>();
        foreach (var path in used)
            problems.AddRange((await packages.AdmitHostExecutableAsync(path, trusted, cancel)).Problems);
        return problems.Count == 0 ? Outcome.Done : problems;
    }
}
