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

    /// <param name="listing">What is wanted of the node; nobody may change it meanwhile.</param>
    /// <param name="cancel">Ends the collecting.</param>
    public async Task<Outcome<IReadOnlyList<string>>> CollectAsync(ServiceListing listing, CancellationToken cancel)
    {
        var listed = await catalog.ListReleasesAsync(wanted: null, cancel);
        if (!listed.TryGet(out var releases))
            return Outcome.Failed<IReadOnlyList<string>>(listed.Problems);

        // Which packages a document needs that cannot be read, nobody knows: then all stay.
        if (listing.Damaged.Count + releases.Damaged.Count > 0)
            return Outcome.Of<IReadOnlyList<string>>([]);

        var keep = new HashSet<string>(StringComparer.Ordinal);
        var byService = releases.Found.Select(release => release.Value).ToLookup(release => release.Service);
        foreach (var entry in listing.Entries)
            keep.UnionWith(Needed(entry.Service.Value, [.. byService[entry.Service.Value.Name]]));
        return packages.Collect(keep, time.GetUtcNow() - Grace);
    }

    private static IEnumerable<string> Needed(ServiceRecord service, IReadOnlyList<ReleaseRecord> releases) => releases
        .Where(release => release.State is ReleaseState.Current or ReleaseState.Deploying || release.Number == service.Release)
        .Concat(releases.Where(release => release.State == ReleaseState.Superseded).TakeLast(KeptReleases))
        .Select(release => release.PackageDigest);
}
