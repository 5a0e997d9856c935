namespace Holdfast.Node.Clusters;

internal enum EpochEventKind
{
    Begins,
    Stops,

    /// <summary>It is proven that nothing of it runs here.</summary>
    Ended,
    Alarm,

    /// <summary>It goes on without its lease: all peers have promised not to lead.</summary>
    Held,

    /// <summary>It was held, and has a lease again.</summary>
    Attached,
}

/// <summary>What happened to an epoch on this node.</summary>
internal sealed record EpochEvent(string Service, long Epoch, EpochEventKind Kind, string Why);
