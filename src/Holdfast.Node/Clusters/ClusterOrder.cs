using System.Globalization;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>What somebody asks for who begins a cluster.</summary>
public sealed record ClusterOrder
{
    public const string Managed = "managed";
    public const int ClientPort = 2379, PeerPort = 2380;

    public required Home Home { get; init; }

    /// <summary>The cluster's name.</summary>
    public required string Name { get; init; }

    /// <summary>URLs of etcd's members, or <see cref="Managed"/>: this node runs one.</summary>
    public required IReadOnlyList<string> Etcd { get; init; }

    /// <summary>A file as <c>certs issue</c> writes them: what an etcd that is there already wants to be shown. Null: nothing.</summary>
    public string? EtcdIdentity { get; init; }

    public TimeSpan Lease { get; init; } = LeaseTerms.Default;

    /// <summary>This node's name.</summary>
    public required string Node { get; init; }

    /// <summary>What other nodes call, host:port; empty: the address that the agent listens at.</summary>
    public string Address { get; init; } = "";

    /// <summary>Each as <c>key=value</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The device that is to reset this machine where what leads is not killed in time; null: none.</summary>
    public string? Watchdog { get; init; }

    /// <summary>What clients call this host where <see cref="Address"/> does not say it: its name.</summary>
    public required string Host { get; init; }

    public string EtcdExecutable { get; init; } = "/usr/bin/etcd";

    public int EtcdPort { get; init; } = ClientPort;

    public int EtcdPeerPort { get; init; } = PeerPort;

    /// <summary>On Windows etcd is run only for who has read what that means.</summary>
    public bool EtcdOnWindows { get; init; }

    public bool IsManaged => Etcd is [Managed];

    /// <summary>By what name or IP address this node's member of etcd is called.</summary>
    public string EtcdHost => Address.Length > 0 && HostOf(Address) is { } host ? host : Host;

    /// <summary>The file that it would be; all that is wrong with it at once.</summary>
    public Outcome<ClusterFile> Check()
    {
        List<Problem> wrong = [];
        if (ClusterName.Wrong(Name) is { } why) wrong.Add(Bad("cluster.name", $"{Capital(why)}.", "1 to 40 lower-case letters, digits and hyphens, as prod or payments-eu"));
        if (!PeerName.IsName(Node)) wrong.Add(Bad("cluster.node", $"'{Node}' is no name of a node.", "lower-case letters, digits, and . _ - between them, at most 63"));
        wrong.AddRange(LeaseTerms.Of(Lease, TimeSpan.Zero).Problems);
        if (Lease.Ticks % TimeSpan.TicksPerSecond != 0) wrong.Add(Bad("lease.length", $"A lease of {Lease.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s is not possible.", "leases are whole seconds"));
        if (Address.Length > 0 && HostOf(Address) is null) wrong.Add(Bad("cluster.address", $"'{Address}' is no address that other nodes could call.", "for instance node-1.bank.example:7420, or 10.1.2.3:7420"));
        if (Watchdog is { } device && WatchdogProblem(device, Lease) is { } unfit) wrong.Add(unfit);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in Labels)
        {
            if (label.Split('=', 2) is not [{ Length: > 0 } key, var value]) wrong.Add(Bad("cluster.label", $"'{label}' is no label.", "key=value, as zone=a"));
            else labels[key] = value;
        }

        wrong.AddRange(IsManaged ? WrongMember() : WrongEtcd());
        if (wrong.Count > 0) return wrong;
        return new ClusterFile
        {
            Name = Name,
            Node = Node,
            Etcd = IsManaged ? [$"https://{EtcdHost}:{EtcdPort}"] : [.. Etcd.Select(e => e.TrimEnd('/'))],
            LeaseSeconds = (int)Lease.TotalSeconds,
            Watchdog = Watchdog,
            Address = Address,
            Labels = labels,
            Member = IsManaged ? Member() : null,
        };
    }

    /// <summary>What speaks against a watchdog with a lease of that length; null: nothing that can be seen without starting it. A length that is no lease's is another problem.</summary>
    public static Problem? WatchdogProblem(string device, TimeSpan lease)
    {
        if (WatchdogDevice.Refusal is { } refusal) return refusal;
        if (!Path.IsPathFullyQualified(device)) return Bad("cluster.watchdog", $"'{device}' is no device.", "for instance /dev/watchdog");
        return LeaseTerms.Of(lease, TimeSpan.Zero).TryGet(out var terms) ? WatchdogDevice.Check(device, terms.WatchdogTimeout) : null;
    }

    private EtcdMemberFile Member() => new(
        Node, $"{EtcdHost}:{EtcdPort}", $"{EtcdHost}:{EtcdPeerPort}", new Dictionary<string, string> { [Node] = $"https://{EtcdHost}:{EtcdPeerPort}" }, IsNew: true, EtcdExecutable);

    private IEnumerable<Problem> WrongMember()
    {
        if (EtcdIdentity is not null) yield return Bad("cluster.etcd-identity", "An etcd that this node runs gets its certificates here.", "leave --etcd-identity out");
        if (!Path.IsPathFullyQualified(EtcdExecutable)) yield return Bad("cluster.etcd-executable", $"'{EtcdExecutable}' is not absolute.", "for instance /usr/bin/etcd");
        if (EtcdPort == EtcdPeerPort || EtcdPort is < 1 or > 65535 || EtcdPeerPort is < 1 or > 65535)
            yield return Bad("cluster.etcd-port", $"Etcd cannot have the ports {EtcdPort} and {EtcdPeerPort}.", "two different ones, 1 to 65535");
        foreach (var problem in OnWindows(EtcdOnWindows)) yield return problem;
    }

    private IEnumerable<Problem> WrongEtcd()
    {
        if (Etcd.Count == 0) yield return Bad("cluster.etcd", "No member of etcd is named.", $"--etcd https://etcd-1:2379,https://etcd-2:2379, or --etcd {Managed}");
        foreach (var url in Etcd)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
                yield return Bad("cluster.etcd", $"'{url}' is no address of a member of etcd.", "https://host:2379");
            else if (EtcdIdentity is not null && uri.Scheme != Uri.UriSchemeHttps)
                yield return Bad("cluster.etcd", $"{url} is not https, and a certificate is to be shown.", "https://host:2379, or leave --etcd-identity out");
        }
    }

    /// <summary>Etcd's own word for Windows: it may work, and nobody there tests it.</summary>
    internal static IEnumerable<Problem> OnWindows(bool meant)
    {
        if (OperatingSystem.IsWindows() && !meant)
        {
            yield return new Problem(ProblemKind.Refused, "cluster.etcd-on-windows", "Etcd is not run on Windows without being asked to.")
            {
                Why = "its makers build it for Windows and do not test it there (tier 3): data that is lost is the cluster's",
                Mend = "let the voters be on Linux, or say --etcd-on-windows",
            };
        }
    }

    /// <summary>Null: it is not host:port.</summary>
    internal static string? HostOf(string address) =>
        Uri.TryCreate($"https://{address}", UriKind.Absolute, out var uri) && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && address.EndsWith($":{uri.Port}", StringComparison.Ordinal) && uri.Host.Length > 0 ? uri.Host : null;

    private static Problem Bad(string rule, string what, string mend) => new(ProblemKind.BadInput, rule, what) { Mend = mend };

    private static string Capital(string clause) => char.ToUpperInvariant(clause[0]) + clause[1..];
}
