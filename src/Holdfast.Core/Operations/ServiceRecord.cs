using Holdfast.Core.Supervision;

namespace Holdfast.Core.Operations;

/// <summary>What is wanted of a service: the document <c>services/NAME</c> in the store.</summary>
public sealed record ServiceRecord
{
    public required string Name { get; init; }

    /// <summary>The number of the release that is wanted; the last one that was given is <see cref="LastRelease"/>.</summary>
    public required int Release { get; init; }

    public required int LastRelease { get; init; }

    public required RunState Run { get; init; }

    /// <summary>See <see cref="DesiredInstance.Incarnation"/>.</summary>
    public required long Incarnation { get; init; }

    /// <summary>It is to be stopped and forgotten.</summary>
    public bool Removing { get; init; }

    /// <summary>The operation in progress, or the last one.</summary>
    public required string Operation { get; init; }

    /// <summary>Ports the agent assigned, by name: the same ones over restarts and releases.</summary>
    public IReadOnlyDictionary<string, int> AssignedPorts { get; init; } = new Dictionary<string, int>();

    /// <summary>The name of the one instance a service has on a node.</summary>
    public string Instance => $"{Name}-0";
}
