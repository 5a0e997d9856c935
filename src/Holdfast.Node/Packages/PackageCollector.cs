using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.State;

namespace Holdfast.Node.Packages;

/// <summary>Removes packages that no release needs any more.</summary>
internal sealed class PackageCollector(ServiceCatalog catalog, PackageStore packages, TimeProvider time)
{
    /// <summary>So many superseded releases of a service can be gone back to.</summary>
    public const int KeptReleases = 5;

    /// <summary>A package that was pushed and not deployed yet is left alone for so long.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    public async Task<Outcome<IReadOnlyList<string>>> CollectAsync(CancellationToken cancel)
    {
        var keep = packages.List()
            .Where(package => package.Record.AdmittedAt > time.GetUtcNow() - Grace)
            .Select(package => package.Digest)
            .ToHashSet();
        var services = await catalog.ListAsync(cancel);
        if (!services.TryGet(out var entries))
            return Outcome.Failed<IReadOnlyList<string>>(services.Problems);

        foreach (var entry in entries)
        {
            var releases = await catalog.ListReleasesAsync(entry.Service.Value.Name, cancel);
            if (!releases.TryGet(out var all))
                return Outcome.Failed<IReadOnlyList<string>>(releases.Problems);
            keep.UnionWith(Needed(entry.Service.Value, [.. all.Select(release => release.Value)]));
        }

        return packages.Collect(keep);
    }

    private static IEnumerable<string> Needed(ServiceRecord service, IReadOnlyList<ReleaseRecord> releases) => releases
        .Where(release => release.State is ReleaseState.Current or ReleaseState.Deploying || release.Number == service.Release)
        .Concat(releases.Where(release => release.State == ReleaseState.Superseded).TakeLast(KeptReleases))
        .Select(release => release.PackageDigest);
}
