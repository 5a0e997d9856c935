using System.Runtime.InteropServices;
using Holdfast.Node.State;

namespace Holdfast.Node.Hosting;

/// <summary>What an agent says of itself.</summary>
internal sealed class AgentIdentity(string node, string version, DateTimeOffset startedAt)
{
    public string Node { get; } = node;

    public string Version { get; } = version;

    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>The address of /metrics, once it is known; empty where it is off.</summary>
    public string Metrics { get; set; } = "";

    /// <summary>Where the API answers over TCP, ADDRESS:PORT, once it is known; empty where it is off.</summary>
    public string Listens { get; set; } = "";

    /// <summary>Where other nodes are told to call it, host:port; empty: where it listens.</summary>
    public string Address { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The member of etcd that this node runs, by name; empty: none.</summary>
    public string EtcdMember { get; init; } = "";

    /// <summary>How it stands with the machine's watchdog; null: it has none.</summary>
    public Func<NodeWatchdog?> Watchdog { get; set; } = () => null;

    /// <summary>What others read of this node in the store.</summary>
    public NodeRecord Record => new(Node, Version, RuntimeInformation.RuntimeIdentifier, StartedAt)
    {
        Address = Address.Length > 0 ? Address : Listens,
        Labels = Labels,
        EtcdMember = EtcdMember,
        Watchdog = Watchdog(),
        Processors = Environment.ProcessorCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };
}
