using System.Collections.Concurrent;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;

namespace Holdfast.Node.State;

/// <summary>
/// The releases that services want now. What is in a release never changes, so each is read once; its state does change,
/// and is not to be read here.
/// </summary>
internal sealed class WantedReleases(ServiceCatalog catalog)
{
    /// <summary>From so many on, one look at all releases is cheaper than a look at each.</summary>
    private const int Many = 16;

    // The revision that made the service is part of the name: a service removed and deployed anew counts from 1 again.
    private readonly ConcurrentDictionary<(string Service, long Created, int Number), ReleaseRecord> known = new();

    /// <summary>By service; one that is missing or damaged is a problem of its service only.</summary>
    public async Task<Outcome<IReadOnlyDictionary<string, Outcome<ReleaseRecord>>>> OfAsync(IReadOnlyList<ServiceEntry> entries, CancellationToken cancel)
    {
        if (entries.Count(entry => !known.ContainsKey(Name(entry))) is >= Many)
        {
            var filled = await FillAsync(entries, cancel);
            if (!filled.IsOk)
                return Outcome.Failed<IReadOnlyDictionary<string, Outcome<ReleaseRecord>>>(filled.Problems);
        }

        var releases = new Dictionary<string, Outcome<ReleaseRecord>>(entries.Count, StringComparer.Ordinal);
        foreach (var entry in entries)
            releases[entry.Service.Value.Name] = await OneAsync(entry, cancel);
        return releases;
    }

    /// <summary>Forgets what no service wants any more.</summary>
    public void Keep(IReadOnlyList<ServiceEntry> entries)
    {
        if (known.Count <= entries.Count)
            return;
        var wanted = entries.Select(Name).ToHashSet();
        foreach (var name in known.Keys.Where(name => !wanted.Contains(name)))
            known.TryRemove(name, out _);
    }

    private async Task<Outcome<ReleaseRecord>> OneAsync(ServiceEntry entry, CancellationToken cancel)
    {
        var name = Name(entry);
        if (known.TryGetValue(name, out var release))
            return release;
        var found = await catalog.FindReleaseAsync(name.Service, name.Number, cancel);
        if (!found.IsOk)
            return Outcome.Failed<ReleaseRecord>(found.Problems);
        if (found.Value is not { } read)
            return StateReader.Damaged(StateKeys.Release(name.Service, name.Number), "it is named by its service and not there");
        if (read.Created >= name.Created)
            known[name] = read.Value;
        return read.Value;
    }

    private async Task<Outcome<Done>> FillAsync(IReadOnlyList<ServiceEntry> entries, CancellationToken cancel)
    {
        var keys = entries.ToDictionary(entry => StateKeys.Release(entry.Service.Value.Name, entry.Service.Value.Release), Name, StringComparer.Ordinal);
        var range = await catalog.ListReleasesAsync(keys.ContainsKey, cancel);
        if (!range.TryGet(out var read))
            return Outcome.Failed<Done>(range.Problems);
        foreach (var release in read.Found)
        {
            if (keys.TryGetValue(StateKeys.Release(release.Value.Service, release.Value.Number), out var name) && release.Created >= name.Created)
                known[name] = release.Value;
        }

        return Outcome.Done;
    }

    private static (string Service, long Created, int Number) Name(ServiceEntry entry) =>
        (entry.Service.Value.Name, entry.Service.Created, entry.Service.Value.Release);
}
