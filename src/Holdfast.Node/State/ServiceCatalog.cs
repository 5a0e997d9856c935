using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Storage;
using Operation = Holdfast.Core.Operations.Operation;

namespace Holdfast.Node.State;

/// <summary>Desired state as documents in the store. Every change is one transaction that fails if somebody was faster.</summary>
/// <param name="mirror">An image of the store that is kept beside it; null: what is listed is read from the store.</param>
internal sealed class ServiceCatalog(IStore store, TimeProvider time, StoreMirror? mirror = null)
{
    private readonly StateReader reader = new(store);
    private ServiceListing? listed;
    private long committed;

    /// <summary>All services with their latest operation. While nothing changes in the store, the answer is the one before.</summary>
    public async Task<Outcome<ServiceListing>> ListAsync(CancellationToken cancel)
    {
        if (mirror is not null)
            return await ListAsync(mirror, cancel);
        var last = Volatile.Read(ref listed);
        if (last is not null)
        {
            var now = await store.RangeAsync(new(KeyRange.Single(StateKeys.Root)), cancel);
            if (!now.IsOk)
                return Outcome.Failed<ServiceListing>(now.Problems);
            if (now.Value.Revision == last.Revision)
                return last;
        }

        var services = await reader.RangeAsync(KeyRange.Prefix(StateKeys.Services), StateJson.Default.DocumentServiceRecord, cancel, known: last?.Services);
        if (!services.TryGet(out var wanted))
            return Outcome.Failed<ServiceListing>(services.Problems);
        var operations = await reader.RangeAsync(KeyRange.Prefix(StateKeys.Operations), StateJson.Default.DocumentOperation, cancel, wanted.Revision, known: last?.Operations);
        if (!operations.TryGet(out var under))
            return Outcome.Failed<ServiceListing>(operations.Problems);
        var listing = Join(wanted, under);
        Volatile.Write(ref listed, listing);
        return listing;
    }

    public async Task<Outcome<ServiceEntry?>> FindAsync(string name, CancellationToken cancel)
    {
        var service = await reader.GetAsync(StateKeys.Service(name), StateJson.Default.DocumentServiceRecord, cancel);
        if (!service.IsOk || service.Value is null)
            return service.IsOk ? Outcome.Of<ServiceEntry?>(null) : Outcome.Failed<ServiceEntry?>(service.Problems);
        var key = StateKeys.Operation(service.Value.Value.Operation);
        var operation = await reader.GetAsync(key, StateJson.Default.DocumentOperation, cancel);
        if (!operation.IsOk)
            return Outcome.Failed<ServiceEntry?>(operation.Problems);
        return operation.Value is { } found ? Outcome.Of<ServiceEntry?>(new(service.Value, found)) : Missing(key);
    }

    /// <summary>An operation, present or past; null: there was none with this id, or it is forgotten.</summary>
    public async Task<Outcome<Operation?>> FindOperationAsync(string id, CancellationToken cancel)
    {
        // It moves from the present to the past, never back: looked for in this order it cannot be missed.
        foreach (var key in new[] { StateKeys.Operation(id), StateKeys.PastOperation(id) })
        {
            var found = await reader.GetAsync(key, StateJson.Default.DocumentOperation, cancel);
            if (!found.IsOk)
                return Outcome.Failed<Operation?>(found.Problems);
            if (found.Value is { } operation)
                return operation.Value;
        }

        return Outcome.Of<Operation?>(null);
    }

    public Task<Outcome<StateRange<Operation>>> ListPastAsync(CancellationToken cancel) =>
        reader.RangeAsync(KeyRange.Prefix(StateKeys.PastOperations), StateJson.Default.DocumentOperation, cancel);

    /// <summary>The releases of a service, oldest first.</summary>
    public async Task<Outcome<IReadOnlyList<Versioned<ReleaseRecord>>>> ListReleasesAsync(string service, CancellationToken cancel)
    {
        var range = await reader.RangeAsync(KeyRange.Prefix(StateKeys.Releases(service)), StateJson.Default.DocumentReleaseRecord, cancel);
        if (!range.TryGet(out var read))
            return Outcome.Failed<IReadOnlyList<Versioned<ReleaseRecord>>>(range.Problems);
        return read.Damaged.Count > 0 ? Outcome.Failed<IReadOnlyList<Versioned<ReleaseRecord>>>(read.Damaged) : Outcome.Of(read.Found);
    }

    /// <summary>The releases of all services, or those of them whose key is wanted.</summary>
    public Task<Outcome<StateRange<ReleaseRecord>>> ListReleasesAsync(Func<string, bool>? wanted, CancellationToken cancel) =>
        reader.RangeAsync(KeyRange.Prefix(StateKeys.AllReleases), StateJson.Default.DocumentReleaseRecord, cancel, wanted: wanted);

    public Task<Outcome<Versioned<ReleaseRecord>?>> FindReleaseAsync(string service, int number, CancellationToken cancel) =>
        reader.GetAsync(StateKeys.Release(service, number), StateJson.Default.DocumentReleaseRecord, cancel);

    /// <summary>Makes a change; true when it was made, false when a document was changed meanwhile (read again, decide again).</summary>
    public async Task<Outcome<bool>> CommitAsync(CatalogChange change, CancellationToken cancel)
    {
        var outcome = await store.CommitKnownAsync(new Transaction { If = change.Conditions, Then = change.Steps }, time, cancel);
        if (!outcome.TryGet(out var decided))
            return Outcome.Failed<bool>(outcome.Problems);
        if (decided.Succeeded)
            InterlockedMax(ref committed, decided.Revision);
        return decided.Succeeded;
    }

    /// <summary>From the image, which is to have what was committed here.</summary>
    private async Task<Outcome<ServiceListing>> ListAsync(StoreMirror from, CancellationToken cancel)
    {
        await from.CatchUpAsync(Math.Max(1, Interlocked.Read(ref committed)), cancel);
        var image = from.Now;
        if (image.Revision == 0)
            return from.Trouble ?? Outcome.Failed<ServiceListing>([StateReader.NotThereYet]);
        var last = Volatile.Read(ref listed);
        if (last is not null && last.Revision == image.Revision)
            return last;
        var listing = Join(
            new(image.Revision, [.. image.Services.Documents.Values.OrderBy(service => service.Value.Name, StringComparer.Ordinal)], [.. image.Services.Damaged.Values]),
            new(image.Revision, [.. image.Operations.Documents.Values], [.. image.Operations.Damaged.Values]));
        Volatile.Write(ref listed, listing);
        return listing;
    }

    private static void InterlockedMax(ref long place, long value)
    {
        for (var before = Interlocked.Read(ref place); before < value; before = Interlocked.Read(ref place))
            Interlocked.CompareExchange(ref place, value, before);
    }

    private static ServiceListing Join(StateRange<ServiceRecord> services, StateRange<Operation> operations)
    {
        var under = By(operations, operation => operation.Id);
        var entries = new List<ServiceEntry>(services.Found.Count);
        var damaged = services.Damaged.Concat(operations.Damaged).ToList();
        foreach (var service in services.Found)
        {
            if (under.Remove(service.Value.Operation, out var operation))
                entries.Add(new(service, operation));
            else
                damaged.Add(Missing(StateKeys.Operation(service.Value.Operation)));
        }

        // Of a service that cannot be read nobody knows which operation is its latest: those are left as they are.
        return new(services.Revision, entries, services.Damaged.Count > 0 ? [] : [.. under.Values], damaged)
        {
            Services = By(services, service => StateKeys.Service(service.Name)),
            Operations = By(operations, operation => StateKeys.Operation(operation.Id)),
        };
    }

    /// <summary>A document copied by hand under another key still has its old name: that is no reason to fail.</summary>
    private static Dictionary<string, Versioned<T>> By<T>(StateRange<T> range, Func<T, string> name)
    {
        var named = new Dictionary<string, Versioned<T>>(range.Found.Count, StringComparer.Ordinal);
        foreach (var document in range.Found)
            named[name(document.Value)] = document;
        return named;
    }

    private static Problem Missing(string key) => StateReader.Damaged(key, "it is named by its service and not there");
}
