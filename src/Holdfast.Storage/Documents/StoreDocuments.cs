using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Core.Problems;

namespace Holdfast.Storage.Documents;

/// <summary>Typed JSON documents as values: UTF-8 that etcdctl shows as it is.</summary>
public static class StoreDocuments
{
    /// <summary>The step of a transaction that puts a document.</summary>
    public static Operation Put<T>(string key, T value, JsonTypeInfo<T> type, long lease = 0) =>
        new Operation.Put(key, new Bytes(JsonSerializer.SerializeToUtf8Bytes(value, type)), lease);

    /// <summary>Problems: <c>store.document-unreadable</c>.</summary>
    public static Outcome<StoreDocument<T>> Read<T>(KeyValue item, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(item);
        try
        {
            if (JsonSerializer.Deserialize(item.Value.Span, type) is { } value)
                return new StoreDocument<T>(item.Key.ToString(), value, item.ModRevision);
            return Unreadable(item, "it is null");
        }
        catch (JsonException e)
        {
            return Unreadable(item, e.Message);
        }
    }

    /// <summary>The document, or null where there is no such key.</summary>
    public static async Task<Outcome<StoreDocument<T>?>> GetDocumentAsync<T>(
        this IStore store, string key, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        var range = await store.RangeAsync(new RangeQuery(KeyRange.Single(key)), cancel);
        if (!range.TryGet(out var found))
            return Outcome.Failed<StoreDocument<T>?>(range.Problems);
        if (found.Items.Count == 0)
            return Outcome.Of<StoreDocument<T>?>(null);
        return Read(found.Items[0], type).Then(document => Outcome.Of<StoreDocument<T>?>(document));
    }

    /// <summary>All documents under a prefix, in the order of their keys; or every one that cannot be read, as a problem.</summary>
    public static async Task<Outcome<DocumentList<T>>> ListDocumentsAsync<T>(
        this IStore store, string prefix, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        var range = await store.RangeAsync(new RangeQuery(KeyRange.Prefix(prefix)), cancel);
        if (!range.TryGet(out var found))
            return Outcome.Failed<DocumentList<T>>(range.Problems);
        var read = found.Items.Select(item => Read(item, type)).ToList();
        var problems = read.SelectMany(r => r.Problems).ToList();
        if (problems.Count > 0)
            return problems;
        return new DocumentList<T>(found.Revision, [.. read.Select(r => r.Value)]);
    }

    /// <summary>Puts a document if its key was last changed at <paramref name="modRevision"/> (0: does not exist).</summary>
    public static Task<CommitResult> PutDocumentAsync<T>(
        this IStore store, string key, T value, long modRevision, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.CommitAsync(new Transaction { If = [Compare.Unchanged(key, modRevision)], Then = [Put(key, value, type)] }, cancel);
    }

    private static Problem Unreadable(KeyValue item, string why) => new(
        ProblemKind.Damaged, "store.document-unreadable", $"The document {item.Key} cannot be read.")
    {
        Why = why,
        Mend = "was it written by a newer version? Else restore the store from a backup",
    };
}

/// <summary>Documents, all as of one revision: watch from the next one to miss nothing.</summary>
public sealed record DocumentList<T>(long Revision, IReadOnlyList<StoreDocument<T>> Items);
