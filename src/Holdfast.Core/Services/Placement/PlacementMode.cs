namespace Holdfast.Core.Services;

/// <summary>How many nodes a service runs on at once.</summary>
public enum PlacementMode
{
    /// <summary>On as many as it has replicas.</summary>
    Replicas,

    /// <summary>On every node that may have it.</summary>
    Everywhere,

    /// <summary>On one, which leads; others stand by.</summary>
    ActiveStandby,
}
