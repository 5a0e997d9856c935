namespace Holdfast.Core.Supervision.Handovers;

/// <summary>The standard input of a process that runs.</summary>
public sealed record InputHandover
{
    /// <summary>Our end of the pipe.</summary>
    public required int Descriptor { get; init; }

    /// <summary>What is left of a frame whose beginning is in the pipe: it is written on, so that no frame is torn. Who sent it has lost the connection.</summary>
    public byte[] Rest { get; init; } = [];

    /// <summary>The pipe is to be closed behind the rest.</summary>
    public bool Ends { get; init; }
}
