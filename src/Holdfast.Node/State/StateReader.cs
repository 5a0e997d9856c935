using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Core.Problems;
using Holdfast.Storage;

namespace Holdfast.Node.State;

/// <summary>Documents of one kind, at one revision of the store.</summary>
internal sealed record StateRange<T>(long Revision, IReadOnlyList<Versioned<T>> Found, IReadOnlyList<Problem> Damaged);

/// <summary>Reads documents from the store. One that cannot be read is named, and harms no other.</summary>
internal sealed class StateReader(IStore store)
{
    /// <param name="keys">Which documents.</param>
    /// <param name="type">Of the documents.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <param name="revision">As they were at this revision of the store; 0: as they are.</param>
    /// <param name="wanted">Null: all in the range.</param>
    /// <param name="known">What was read before, by key; what has not changed since is not read out of its text again.</param>
    public async Task<Outcome<StateRange<T>>> RangeAsync<T>(
        KeyRange keys, JsonTypeInfo<Document<T>> type, CancellationToken cancel, long revision = 0,
        Func<string, bool>? wanted = null, IReadOnlyDictionary<string, Versioned<T>>? known = null)
    {
        var range = await store.RangeAsync(new(keys) { Revision = revision }, cancel);
        if (!range.TryGet(out var read))
            return Outcome.Failed<StateRange<T>>(range.Problems);

        var found = new List<Versioned<T>>(read.Items.Count);
        var damaged = new List<Problem>();
        foreach (var item in read.Items)
        {
            var key = wanted is null && known is null ? "" : item.Key.ToString();
            if (wanted?.Invoke(key) == false)
                continue;
            if (known is not null && known.TryGetValue(key, out var before) && before.Revision == item.ModRevision)
            {
                found.Add(before);
                continue;
            }

            var document = Read(item, type);
            if (document.TryGet(out var good))
                found.Add(good);
            else
                damaged.AddRange(document.Problems);
        }

        return new StateRange<T>(read.Revision, found, damaged);
    }

    /// <summary>One document; null where there is none.</summary>
    public async Task<Outcome<Versioned<T>?>> GetAsync<T>(string key, JsonTypeInfo<Document<T>> type, CancellationToken cancel)
    {
        var range = await RangeAsync(KeyRange.Single(key), type, cancel);
        if (!range.TryGet(out var read))
            return Outcome.Failed<Versioned<T>?>(range.Problems);
        if (read.Damaged.Count > 0)
            return Outcome.Failed<Versioned<T>?>(read.Damaged);
        return read.Found.Count > 0 ? read.Found[0] : Outcome.Of<Versioned<T>?>(null);
    }

    public static Problem Damaged(string key, string why) => new(ProblemKind.Damaged, "store.document", $"The document {key} cannot be read.")
    {
        Why = why,
        Mend = "restore the store from a backup, or the document from what wrote it",
    };

    public static Problem NotThereYet { get; } = new(ProblemKind.Unavailable, "store.not-read", "The store was not read yet.") { Mend = "wait a moment, or see the agent's log for why it cannot be" };

    /// <summary>Out of its bytes.</summary>
    public static Outcome<Versioned<T>> Read<T>(KeyValue item, JsonTypeInfo<Document<T>> type)
    {
        try
        {
            var document = JsonSerializer.Deserialize(item.Value.Span, type);
            return document is { ApiVersion: Document<T>.V1 }
                ? new Versioned<T>(document.Value, item.ModRevision, item.CreateRevision)
                : Damaged(item.Key.ToString(), $"its apiVersion is {document?.ApiVersion ?? "missing"}, not {Document<T>.V1}");
        }
        catch (JsonException error)
        {
            return Damaged(item.Key.ToString(), error.Message);
        }
    }
}
