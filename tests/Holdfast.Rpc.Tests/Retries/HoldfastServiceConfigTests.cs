using Google.Protobuf.Reflection;
using Holdfast.Rpc.Config;
using Holdfast.Rpc.V1;

namespace Holdfast.Rpc.Tests.Retries;

/// <summary>The config for our own API: every method of the contracts reads or changes, and only what reads is retried.</summary>
public sealed class HoldfastServiceConfigTests
{
    private static readonly FileDescriptor[] Files =
    [
        ServicesReflection.Descriptor, PackagesReflection.Descriptor, OutputReflection.Descriptor, NodeReflection.Descriptor, ClusterReflection.Descriptor, NodesReflection.Descriptor, RecordsReflection.Descriptor,
        Grpc.Health.V1.HealthReflection.Descriptor,
    ];

    /// <summary>What changes something, and Backup and ExportAudit: the record tells of each time.</summary>
    private static readonly string[] Changing =
    [
        "holdfast.v1.Services/Deploy", "holdfast.v1.Services/Rollback", "holdfast.v1.Services/Start", "holdfast.v1.Services/Stop", "holdfast.v1.Services/Restart",
        "holdfast.v1.Services/Reload", "holdfast.v1.Services/Signal", "holdfast.v1.Services/Remove", "holdfast.v1.Packages/Push", "holdfast.v1.Output/Attach", "holdfast.v1.Output/RetryDeadLetters",
        "holdfast.v1.Node/Upgrade", "holdfast.v1.Node/Backup", "holdfast.v1.Node/Record", "holdfast.v1.Node/ExportAudit", "holdfast.v1.Node/HoldAudit", "holdfast.v1.Cluster/Token", "holdfast.v1.Cluster/Join", "holdfast.v1.Cluster/Renew",
        "holdfast.v1.Nodes/OrderNode", "holdfast.v1.Nodes/PauseCluster", "holdfast.v1.Nodes/Switchover", "holdfast.v1.Nodes/FenceNode", "holdfast.v1.Nodes/Handover",
        "holdfast.v1.Nodes/Promise", "holdfast.v1.Nodes/CosignAudit", "holdfast.v1.Records/Append",
    ];

    [Fact]
    public void Every_method_is_known_to_read_or_to_change_and_what_reads_is_retried()
    {
        var all = Files.SelectMany(file => file.Services).SelectMany(service => service.Methods).Select(method => $"{method.Service.FullName}/{method.Name}");
        var retried = HoldfastServiceConfig.Reads.Methods.SelectMany(method => method.Names).Select(name => $"{name.Service}/{name.Method}").ToList();

        Assert.Equal(all.Order(StringComparer.Ordinal), retried.Concat(Changing).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_is_a_good_config() => Assert.Empty(HoldfastServiceConfig.Reads.Problems());
}
