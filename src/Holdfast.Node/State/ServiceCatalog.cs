using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Storage;
using Operation = Holdfast.Core.Operations.Operation;
using Step = Holdfast.Storage.Operation;

namespace Holdfast.Node.State;

/// <summary>A document and the revision that a change of it must name.</summary>
internal sealed record Versioned<T>(T Value, long Revision);

/// <summary>One service with all that is needed to move it on.</summary>
internal sealed record ServiceEntry(Versioned<ServiceRecord> Service, Versioned<Operation> Operation);

/// <summary>Desired state as documents in the store. Every change is one transaction that fails if somebody was faster.</summary>
internal sealed class ServiceCatalog(IStore store, TimeProvider time)
{
    /// <summary>All services with their latest operation.</summary>
    public async Task<Outcome<IReadOnlyList<ServiceEntry>>> ListAsync(CancellationToken cancel)
    {
        var services = await RangeAsync(StateKeys.Services, StateJson.Default.DocumentServiceRecord, cancel);
        if (!services.IsOk)
            return Outcome.Failed<IReadOnlyList<ServiceEntry>>(services.Problems);

        var entries = new List<ServiceEntry>();
        foreach (var service in services.Value)
        {
            var operation = await GetAsync(StateKeys.Operation(service.Value.Operation), StateJson.Default.DocumentOperation, cancel);
            if (!operation.IsOk)
                return Outcome.Failed<IReadOnlyList<ServiceEntry>>(operation.Problems);
            if (operation.Value is { } found)
                entries.Add(new(service, found));
            else
                return Damaged(StateKeys.Operation(service.Value.Operation), "it is named by its service and not there");
        }

        return entries;
    }

    public async Task<Outcome<ServiceEntry?>> FindAsync(string name, CancellationToken cancel)
    {
        var service = await GetAsync(StateKeys.Service(name), StateJson.Default.DocumentServiceRecord, cancel);
        if (!service.IsOk || service.Value is null)
            return service.IsOk ? Outcome.Of<ServiceEntry?>(null) : Outcome.Failed<ServiceEntry?>(service.Problems);
        var operation = await FindOperationAsync(service.Value.Value.Operation, cancel);
        if (!operation.IsOk)
            return Outcome.Failed<ServiceEntry?>(operation.Problems);
        return operation.Value is { } found
            ? Outcome.Of<ServiceEntry?>(new(service.Value, found))
            : Damaged(StateKeys.Operation(service.Value.Value.Operation), "it is named by its service and not there");
    }

    public Task<Outcome<Versioned<Operation>?>> FindOperationAsync(string id, CancellationToken cancel) =>
        GetAsync(StateKeys.Operation(id), StateJson.Default.DocumentOperation, cancel);

    public Task<Outcome<IReadOnlyList<Versioned<Operation>>>> ListOperationsAsync(CancellationToken cancel) =>
        RangeAsync(StateKeys.Operations, StateJson.Default.DocumentOperation, cancel);

    /// <summary>The releases of a service, oldest first.</summary>
    public Task<Outcome<IReadOnlyList<Versioned<ReleaseRecord>>>> ListReleasesAsync(string service, CancellationToken cancel) =>
        RangeAsync(StateKeys.Releases(service), StateJson.Default.DocumentReleaseRecord, cancel);

    public Task<Outcome<Versioned<ReleaseRecord>?>> FindReleaseAsync(string service, int number, CancellationToken cancel) =>
        GetAsync(StateKeys.Release(service, number), StateJson.Default.DocumentReleaseRecord, cancel);

    /// <summary>Makes a change; true when it was made, false when a document was changed meanwhile (read again, decide again).</summary>
    public async Task<Outcome<bool>> CommitAsync(CatalogChange change, CancellationToken cancel)
    {
        var outcome = await store.CommitKnownAsync(new Transaction { If = change.Conditions, Then = change.Steps }, time, cancel);
        return outcome.TryGet(out var decided) ? decided.Succeeded : Outcome.Failed<bool>(outcome.Problems);
    }

    /// <summary>Tells of every change of any document from now on, until it is cancelled.</summary>
    public async Task WatchAsync(Action changed, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var now = await store.RangeAsync(new(KeyRange.Prefix(StateKeys.Root)) { Limit = 1 }, cancel);
            changed();
            if (now.TryGet(out var range))
            {
                await foreach (var batch in store.WatchAsync(KeyRange.Prefix(StateKeys.Root), range.Revision + 1, cancel))
                {
                    if (batch is WatchBatch.Changes)
                        changed();
                }
            }

            if (!cancel.IsCancellationRequested)
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancel);
        }
    }

    /// <summary>An operation as it is now, and at each change of it, until it has ended.</summary>
    public async IAsyncEnumerable<Operation> FollowAsync(string id, [EnumeratorCancellation] CancellationToken cancel)
    {
        var keys = KeyRange.Single(StateKeys.Operation(id));
        while (!cancel.IsCancellationRequested)
        {
            var revision = await store.RangeAsync(new(keys), cancel);
            var now = await FindOperationAsync(id, cancel);
            if (now.TryGet(out var found) && found is not null)
            {
                yield return found.Value;
                if (found.Value.IsFinished)
                    yield break;
            }

            await foreach (var batch in store.WatchAsync(keys, revision.IsOk ? revision.Value.Revision + 1 : 1, cancel))
                break;
        }
    }

    private async Task<Outcome<Versioned<T>?>> GetAsync<T>(string key, JsonTypeInfo<Document<T>> type, CancellationToken cancel)
    {
        var range = await RangeAsync(KeyRange.Single(key), type, cancel);
        if (!range.TryGet(out var items))
            return Outcome.Failed<Versioned<T>?>(range.Problems);
        return items.Count > 0 ? items[0] : Outcome.Of<Versioned<T>?>(null);
    }

    private Task<Outcome<IReadOnlyList<Versioned<T>>>> RangeAsync<T>(string prefix, JsonTypeInfo<Document<T>> type, CancellationToken cancel) =>
        RangeAsync(KeyRange.Prefix(prefix), type, cancel);

    private async Task<Outcome<IReadOnlyList<Versioned<T>>>> RangeAsync<T>(KeyRange keys, JsonTypeInfo<Document<T>> type, CancellationToken cancel)
    {
        var range = await store.RangeAsync(new(keys), cancel);
        if (!range.TryGet(out var found))
            return Outcome.Failed<IReadOnlyList<Versioned<T>>>(range.Problems);

        var items = new List<Versioned<T>>(found.Items.Count);
        foreach (var item in found.Items)
        {
            try
            {
                var document = JsonSerializer.Deserialize(item.Value.Span, type);
                if (document is not { ApiVersion: Document<T>.V1 })
                    return Damaged(item.Key.ToString(), $"its apiVersion is {document?.ApiVersion ?? "missing"}, not {Document<T>.V1}");
                items.Add(new(document.Value, item.ModRevision));
            }
            catch (JsonException error)
            {
                return Damaged(item.Key.ToString(), error.Message);
            }
        }

        return items;
    }

    private static Problem Damaged(string key, string why) => new(ProblemKind.Damaged, "store.document", $"The document {key} cannot be read.")
    {
        Why = why,
        Mend = "restore the store from a backup, or the document from what wrote it",
    };
}

/// <summary>What a transaction puts and deletes, and which revisions it rests on.</summary>
internal sealed class CatalogChange
{
    private readonly List<Compare> conditions = [];
    private readonly List<Step> steps = [];

    public IReadOnlyList<Compare> Conditions => conditions;

    public IReadOnlyList<Step> Steps => steps;

    /// <param name="value">The document as it is to be.</param>
    /// <param name="revision">Of the document it replaces; 0: there must be none.</param>
    public CatalogChange Put(ServiceRecord value, long revision) =>
        Put(StateKeys.Service(value.Name), Document<ServiceRecord>.Of(value), StateJson.Default.DocumentServiceRecord, revision);

    /// <inheritdoc cref="Put(ServiceRecord, long)"/>
    public CatalogChange Put(Operation value, long revision) =>
        Put(StateKeys.Operation(value.Id), Document<Operation>.Of(value), StateJson.Default.DocumentOperation, revision);

    /// <inheritdoc cref="Put(ServiceRecord, long)"/>
    public CatalogChange Put(ReleaseRecord value, long revision) =>
        Put(StateKeys.Release(value.Service, value.Number), Document<ReleaseRecord>.Of(value), StateJson.Default.DocumentReleaseRecord, revision);

    public CatalogChange PutNode(NodeRecord value)
    {
        steps.Add(new Step.Put(StateKeys.Node(value.Name), Serialize(Document<NodeRecord>.Of(value), StateJson.Default.DocumentNodeRecord)));
        return this;
    }

    /// <summary>Deletes the service and its releases. Its operations stay: they say what happened.</summary>
    public CatalogChange Forget(string service, long revision)
    {
        conditions.Add(Compare.Unchanged(StateKeys.Service(service), revision));
        steps.Add(new Step.Delete(StateKeys.Service(service)));
        steps.Add(new Step.Delete(KeyRange.Prefix(StateKeys.Releases(service))));
        return this;
    }

    public CatalogChange DeleteOperation(string id)
    {
        steps.Add(new Step.Delete(StateKeys.Operation(id)));
        return this;
    }

    private CatalogChange Put<T>(string key, Document<T> document, JsonTypeInfo<Document<T>> type, long revision)
    {
        conditions.Add(Compare.Unchanged(key, revision));
        steps.Add(new Step.Put(key, Serialize(document, type)));
        return this;
    }

    private static Bytes Serialize<T>(Document<T> document, JsonTypeInfo<Document<T>> type) => new(JsonSerializer.SerializeToUtf8Bytes(document, type));
}
