using Holdfast.Core.Problems;

namespace Holdfast.Storage;

/// <summary>What became of a transaction. Three cases, because an answer can be lost.</summary>
public abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <summary>It was decided, and what it changed is on disk.</summary>
    /// <param name="Succeeded">The compares held: Then was done, not Else.</param>
    /// <param name="Revision">The revision of what it changed; the store's own where it changed nothing.</param>
    /// <param name="Results">One per step of the branch, in order; empty when <paramref name="Replayed"/>.</param>
    /// <param name="Replayed">An earlier commit with this request id did it; this one changed nothing.</param>
    public sealed record Decided(bool Succeeded, long Revision, IReadOnlyList<OperationResult> Results, bool Replayed = false) : CommitResult;

    /// <summary>It changed nothing and will change nothing.</summary>
    public sealed record Failed(Problem Problem) : CommitResult;

    /// <summary>
    /// It may have happened, and may still happen. Commit it again with the same request id, or ask
    /// <see cref="IStore.SettleAsync"/> what became of it.
    /// </summary>
    public sealed record Unknown(string RequestId, Problem Problem) : CommitResult;
}

/// <summary>What became of a request whose answer was lost: this is final.</summary>
public abstract record Settlement
{
    private Settlement()
    {
    }

    public sealed record Happened(bool Succeeded, long Revision) : Settlement;

    /// <summary>It has changed nothing, and the store refuses it from now on.</summary>
    public sealed record Void : Settlement;
}
