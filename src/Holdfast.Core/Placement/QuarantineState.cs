namespace Holdfast.Core.Placement;

/// <summary>What is remembered of one node's losses. Times are of the day, as people count them.</summary>
/// <param name="Losses">The unplanned ones that still count, in their order.</param>
/// <param name="Until">When its quarantine ends; null: it is in none.</param>
public sealed record QuarantineState(IReadOnlyList<DateTimeOffset> Losses, DateTimeOffset? Until)
{
    public static QuarantineState None { get; } = new([], null);
}

/// <summary>What happened to a node.</summary>
public abstract record QuarantineInput
{
    private QuarantineInput()
    {
    }

    /// <summary>Its lease ended.</summary>
    /// <param name="Planned">It had said so before: an upgrade, a restart of the machine, a stop of its agent.</param>
    public sealed record LeaseLost(bool Planned) : QuarantineInput;

    /// <summary>Somebody ends its quarantine.</summary>
    public sealed record Released : QuarantineInput;

    public sealed record TimePassed : QuarantineInput;
}

/// <summary>The rest of the cluster.</summary>
/// <param name="Nodes">All nodes, this one included.</param>
/// <param name="Quarantined">Others that are in quarantine.</param>
/// <param name="Fit">Others that are alive, and neither drained nor in quarantine.</param>
public sealed record QuarantinePeers(int Nodes, int Quarantined, int Fit);

/// <summary>What one input led to.</summary>
/// <param name="Reason">Empty: nothing happened.</param>
public sealed record QuarantineStep(QuarantineState State, string Reason);
