using System.CommandLine;
using System.Net;
using Holdfast.Core.Leadership;
using Holdfast.Node.Clusters;

namespace Holdfast.Cli.Commands;

/// <summary>How a cluster is begun, by <c>cluster init</c> and <c>store migrate</c> alike.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<string> name = new("--name") { Description = "The cluster's name", HelpName = "NAME", Required = true };
    private readonly Option<string> etcd = new("--etcd") { Description = "Where etcd answers: URLs with commas between; or managed: this node runs a member", HelpName = "URL[,URL…]|managed", Required = true };
    private readonly Option<string?> identity = new("--etcd-identity") { Description = "What etcd wants to be shown: key, certificate and roots in one file, PEM", HelpName = "FILE" };
    private readonly Option<TimeSpan?> lease = DurationOption.Create("--lease", $"How long a node that went silent still counts as there (default: {LeaseTerms.Default.TotalSeconds:0}s)");
    private readonly Option<string?> node = new("--node") { Description = "This node's name (default: the host's)", HelpName = "NAME" };
    private readonly Option<string?> address = new("--address") { Description = "What other nodes call this one by", HelpName = "HOST:PORT" };
    private readonly Option<string?> watchdog = Watchdog();
    private readonly Option<string[]> label = new("--label") { Description = "For placement, as zone=a; may be given more than once", HelpName = "KEY=VALUE" };
    private readonly Option<string?> executable = new("--etcd-executable") { Description = "The etcd to run (default: /usr/bin/etcd); the trust policy pins it", HelpName = "FILE" };
    private readonly Option<int> port = new("--etcd-port") { Description = "Where its clients call it", HelpName = "PORT", DefaultValueFactory = _ => ClusterOrder.ClientPort };
    private readonly Option<int> peerPort = new("--etcd-peer-port") { Description = "Where other members call it", HelpName = "PORT", DefaultValueFactory = _ => ClusterOrder.PeerPort };
    private readonly Option<bool> onWindows = new("--etcd-on-windows") { Description = "Run etcd on Windows, where its makers do not test it" };

    /// <summary>For joining as well.</summary>
    public static Option<string?> Watchdog() =>
        new("--watchdog") { Description = "Let the kernel reset this machine where what leads is not killed in time (Linux: /dev/watchdog); a node whose watchdog cannot be armed leads nothing", HelpName = "DEVICE" };

    public IEnumerable<Option> All => [name, etcd, identity, lease, node, address, watchdog, label, executable, port, peerPort, onWindows];

    public ClusterOrder Order(ParseResult parse, CliContext cli)
    {
        var order = new ClusterOrder
        {
            Home = cli.Home,
            Name = parse.GetRequiredValue(name),
            Etcd = parse.GetRequiredValue(etcd).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            EtcdIdentity = parse.GetValue(identity) is { } file ? cli.PathOf(file) : null,
            Lease = parse.GetValue(lease) ?? LeaseTerms.Default,
            Node = (parse.GetValue(node) ?? Environment.MachineName).ToLowerInvariant(),
            Address = parse.GetValue(address) ?? "",
            Watchdog = parse.GetValue(watchdog),
            Labels = parse.GetValue(label) ?? [],
            Host = Dns.GetHostName().ToLowerInvariant(),
            EtcdPort = parse.GetValue(port),
            EtcdPeerPort = parse.GetValue(peerPort),
            EtcdOnWindows = parse.GetValue(onWindows),
        };
        return parse.GetValue(executable) is { } given ? order with { EtcdExecutable = given } : order;
    }
}
