using System.Net;
using Holdfast.Platform;

namespace Holdfast.Node.Hosting;

/// <summary>How an agent is started.</summary>
public sealed record AgentOptions
{
    public required Home Home { get; init; }

    /// <summary>The node's name; by default the host's.</summary>
    public required string Node { get; init; }

    /// <summary>Where /metrics answers: loopback only; port 0 takes a free one; null: nowhere.</summary>
    public IPEndPoint? Metrics { get; init; } = new(IPAddress.Loopback, DefaultMetricsPort);

    /// <summary>The supervisor's executable, absolute.</summary>
    public required string SupervisorExecutable { get; init; }

    public const int DefaultMetricsPort = 7421;
}
