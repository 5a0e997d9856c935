using System.Net;
using Holdfast.Platform;

namespace Holdfast.Node.Hosting;

/// <summary>How an agent is started.</summary>
public sealed record AgentOptions
{
    public required Home Home { get; init; }

    /// <summary>The node's name; by default the host's.</summary>
    public required string Node { get; init; }

    public required MetricsDoor Metrics { get; init; }

    /// <summary>Where the API answers over TCP, in mutual TLS; null: only on the local socket.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>The supervisor's executable, absolute. Null: somebody else starts it (systemd), and the agent waits for it.</summary>
    public required string? SupervisorExecutable { get; init; }

    /// <summary>Cancelled when the service manager says that the machine goes down: what leads here is handed over, then the agent ends. What only ends the agent is another token.</summary>
    public CancellationToken MachineGoesDown { get; init; }

    /// <summary>Called when it answers.</summary>
    public Action Ready { get; init; } = () => { };
}

/// <summary>Where /metrics answers. It has no access control, so it is loopback or nowhere.</summary>
public abstract record MetricsDoor
{
    public const int DefaultPort = 7421;

    private MetricsDoor()
    {
    }

    public sealed record Closed : MetricsDoor;

    /// <summary>There and nowhere else; port 0 takes a free one.</summary>
    public sealed record At(IPEndPoint EndPoint) : MetricsDoor;

    /// <summary>At <see cref="DefaultPort"/>, or at a free port where another home's agent has it.</summary>
    public sealed record Usual : MetricsDoor;
}
