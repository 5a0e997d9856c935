using Holdfast.Core.Supervision;

namespace Holdfast.Core.Operations;

public enum OperationAction
{
    Deploy,
    Rollback,
    Start,
    Stop,
    Restart,
    Remove,
}

public enum OperationPhase
{
    /// <summary>What is wanted was changed; it is not reached yet.</summary>
    Applying,

    /// <summary>The new release failed; the old one is wanted again, and not there yet.</summary>
    RollingBack,

    /// <summary>Reached.</summary>
    Done,

    /// <summary>Not reached; what was before is back, or the reason says what is left.</summary>
    Failed,
}

/// <summary>
/// A change of a service from the moment it was accepted to its outcome: the document <c>operations/ID</c>.
/// It goes on without the client that asked for it and without the agent that accepted it.
/// </summary>
public sealed record Operation
{
    /// <summary>The client's request id: asking again with it is asking for the same operation.</summary>
    public required string Id { get; init; }

    public required OperationAction Action { get; init; }

    public required string Service { get; init; }

    /// <summary>Who asked: the account at the other end of the socket.</summary>
    public required string Actor { get; init; }

    /// <summary>The node that accepted it and brings it to its end while it is there; empty: of a node without a cluster.</summary>
    public string Node { get; init => field = value ?? ""; } = "";

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The release that is to be reached; for a stop or removal the one that runs.</summary>
    public required int Release { get; init; }

    /// <summary>The release to go back to, 0 where there is none.</summary>
    public int From { get; init; }

    /// <summary>Whether that release was wanted to run: a failed move leaves a stopped service stopped.</summary>
    public RunState FromRun { get; init; }

    /// <summary>On removal: data and output go as well.</summary>
    public bool Purge { get; init; }

    public OperationPhase Phase { get; init; } = OperationPhase.Applying;

    /// <summary>One sentence: how things stand.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Why the old release is wanted again; empty while nothing has failed.</summary>
    public string Fault { get; init; } = "";

    /// <summary>When the present phase must have reached readiness; null while nothing has been started.</summary>
    public DateTimeOffset? ReadyBy { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Its audit entry with the outcome is written.</summary>
    public bool Recorded { get; init; }

    public bool IsFinished => Phase is OperationPhase.Done or OperationPhase.Failed;
}
