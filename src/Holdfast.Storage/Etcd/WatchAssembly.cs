namespace Holdfast.Storage.Etcd;

/// <summary>
/// Makes batches of what a watch sends: whole revisions only, each once, in order. Knows from where a watch that broke goes on. No IO.
/// </summary>
internal sealed class WatchAssembly(EtcdKeys keys, long from)
{
    private readonly List<Change> held = [];

    /// <summary>The revision to go on from.</summary>
    public long Next { get; private set; } = from;

    /// <summary>The last revision that was told; 0: none yet.</summary>
    public long Told { get; private set; }

    /// <summary>The stream is another one from now on: what came in part comes again.</summary>
    public void BeginAgain() => held.Clear();

    /// <param name="progressIsTrue">Whether an answer without changes says that there were none up to its revision.</param>
    /// <returns>Null: nothing to tell yet.</returns>
    public WatchBatch.Changes? Take(Wire.WatchResponse response, bool progressIsTrue)
    {
        ArgumentNullException.ThrowIfNull(response);
        held.AddRange(response.Events.Where(e => e.Kv.ModRevision >= Next).Select(Change));
        if (held.Count == 0)
        {
            if (progressIsTrue && IsProgress(response)) Next = Math.Max(Next, response.Header.Revision + 1);
            return null;
        }

        // Of an answer in pieces the last revision may go on in the next piece.
        var last = held[^1].Item.ModRevision;
        var whole = response.Fragment ? held.FindIndex(c => c.Item.ModRevision == last) : held.Count;
        if (whole == 0) return null;
        var told = held.GetRange(0, whole);
        held.RemoveRange(0, whole);
        Told = told[^1].Item.ModRevision;
        Next = Told + 1;
        return new(Told, told);
    }

    private static bool IsProgress(Wire.WatchResponse response) =>
        !response.Created && !response.Canceled && !response.Fragment && response.Events.Count == 0;

    private Change Change(Wire.Event change) => change.Type == Wire.Event.Types.EventType.Put
        ? new(ChangeKind.Put, keys.From(change.Kv))
        : new(ChangeKind.Delete, new KeyValue(keys.From(change.Kv.Key), Bytes.Empty, 0, change.Kv.ModRevision, 0, 0));
}
