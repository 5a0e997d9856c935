using Holdfast.Core.Problems;

namespace Holdfast.Storage;

public enum ChangeKind
{
    Put,
    Delete,
}

/// <summary>A change of one key. For a deletion, the value is empty and <see cref="KeyValue.ModRevision"/> is the revision of the deletion.</summary>
public sealed record Change(ChangeKind Kind, KeyValue Item);

/// <summary>A piece of a watch.</summary>
public abstract record WatchBatch
{
    private WatchBatch()
    {
    }

    /// <summary>All changes up to a revision, in order. The changes of one revision are never spread over two batches.</summary>
    /// <param name="Revision">Everything up to and including it has been told: go on from the next one.</param>
    public sealed record Changes(long Revision, IReadOnlyList<Change> Items) : WatchBatch;

    /// <summary>The history asked for is gone. The watch is over: read the range again, and watch from the revision after that reading.</summary>
    /// <param name="Oldest">The oldest revision that can still be watched from.</param>
    public sealed record Compacted(long Oldest) : WatchBatch;

    /// <summary>The store cannot be read. The watch is over.</summary>
    public sealed record Lost(Problem Problem) : WatchBatch;
}
