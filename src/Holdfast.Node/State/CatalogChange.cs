using System.Text.Json.Serialization.Metadata;
using Holdfast.Core.Operations;
using Holdfast.Node.Clusters;
using Holdfast.Storage;
using Operation = Holdfast.Core.Operations.Operation;
using Step = Holdfast.Storage.Operation;

namespace Holdfast.Node.State;

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
        Put(StateKeys.Service(value.Name), value, StateJson.Default.DocumentServiceRecord, revision);

    /// <inheritdoc cref="Put(ServiceRecord, long)"/>
    public CatalogChange Put(Operation value, long revision) =>
        Put(StateKeys.Operation(value.Id), value, StateJson.Default.DocumentOperation, revision);

    /// <inheritdoc cref="Put(ServiceRecord, long)"/>
    public CatalogChange Put(ReleaseRecord value, long revision) =>
        Put(StateKeys.Release(value.Service, value.Number), value, StateJson.Default.DocumentReleaseRecord, revision);

    public CatalogChange PutNode(NodeRecord value)
    {
        steps.Add(new Step.Put(StateKeys.Node(value.Name), StateJson.Write(value, StateJson.Default.DocumentNodeRecord)));
        return this;
    }

    /// <inheritdoc cref="Put(ServiceRecord, long)"/>
    public CatalogChange Put(PlacementDocument value, long revision) =>
        Put(StateKeys.Placement(value.Service), value, StateJson.Default.DocumentPlacementDocument, revision);

    /// <inheritdoc cref="Put(ServiceRecord, long)"/>
    public CatalogChange Put(MoveDocument value, long revision) =>
        Put(StateKeys.Move(value.Service), value, StateJson.Default.DocumentMoveDocument, revision);

    /// <inheritdoc cref="Put(ServiceRecord, long)"/>
    public CatalogChange Put(PlannedMove value, long revision) =>
        Put(StateKeys.PlannedMove(value.Service), value, StateJson.Default.DocumentPlannedMove, revision);

    /// <inheritdoc cref="Put(ServiceRecord, long)"/>
    public CatalogChange Put(NodeOrder value, long revision) =>
        Put(StateKeys.NodeOrder(value.Node), value, StateJson.Default.DocumentNodeOrder, revision);

    /// <inheritdoc cref="Put(ServiceRecord, long)"/>
    public CatalogChange Put(PauseDocument value, long revision) =>
        Put(StateKeys.Pause, value, StateJson.Default.DocumentPauseDocument, revision);

    /// <summary>Deletes a document that nobody has changed since.</summary>
    public CatalogChange Delete(string key, long revision)
    {
        conditions.Add(Compare.Unchanged(key, revision));
        steps.Add(new Step.Delete(key));
        return this;
    }

    /// <summary>Deletes the service, its releases and its place. Its operations stay: they say what happened; and its last epoch: none is given twice.</summary>
    public CatalogChange Forget(string service, long revision)
    {
        conditions.Add(Compare.Unchanged(StateKeys.Service(service), revision));
        steps.Add(new Step.Delete(StateKeys.Service(service)));
        steps.Add(new Step.Delete(KeyRange.Prefix(StateKeys.Releases(service))));
        steps.Add(new Step.Delete(StateKeys.Placement(service)));
        steps.Add(new Step.Delete(StateKeys.Move(service)));
        steps.Add(new Step.Delete(StateKeys.PlannedMove(service)));
        return this;
    }

    /// <summary>Puts a recorded operation among those of the past: looking at the present does not meet it any more.</summary>
    public CatalogChange Archive(Operation value, long revision)
    {
        conditions.Add(Compare.Unchanged(StateKeys.Operation(value.Id), revision));
        steps.Add(new Step.Delete(StateKeys.Operation(value.Id)));
        steps.Add(new Step.Put(StateKeys.PastOperation(value.Id), StateJson.Write(value, StateJson.Default.DocumentOperation)));
        return this;
    }

    public CatalogChange ForgetPast(Operation value)
    {
        steps.Add(new Step.Delete(StateKeys.PastOperation(value.Id)));
        return this;
    }

    private CatalogChange Put<T>(string key, T value, JsonTypeInfo<Document<T>> type, long revision)
    {
        conditions.Add(Compare.Unchanged(key, revision));
        steps.Add(new Step.Put(key, StateJson.Write(value, type)));
        return this;
    }
}
