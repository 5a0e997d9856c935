using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>What a supervisor needs to run this node's member of etcd: an instance as a service has it, that comes from no package and that no user deploys.</summary>
public static class EtcdMember
{
    /// <summary>What it is called in the journal.</summary>
    public const string Service = "etcd";

    public const string Instance = "holdfast-etcd";

    /// <summary>Watchers that fell behind by more begin anew.</summary>
    private const string Retention = "10h";

    /// <summary>Many times what a cluster of Holdfast needs; etcd's own default, said so that no later version changes it.</summary>
    private const long QuotaBytes = 2L << 30;

    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    /// <summary>The member's data.</summary>
    public static string DataFolder(Home home) => Path.Combine(home.Etcd, "data");

    /// <summary>The sealed record that each start is checked against.</summary>
    public static string AdmissionRecord(Home home) => Path.Combine(home.Etcd, "admission.json");

    /// <param name="executableDigest">64 hexadecimal digits, as admitted: another executable is another plan, so that an upgrade of etcd takes effect.</param>
    public static InstancePlan Plan(EtcdMemberFile member, Home home, string executableDigest)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(home);
        var arguments = Arguments(member, home);
        return new()
        {
            Instance = Instance,
            Service = Service,
            Release = 1,
            PackageDigest = "sha256:" + executableDigest,
            AdmissionRecord = AdmissionRecord(home),
            CodeFolder = home.Etcd,
            DataFolder = DataFolder(home),
            OutputFolder = Path.Combine(home.Output, Instance),
            WorkingFolder = DataFolder(home),
            Executable = member.Executable,
            Arguments = arguments,
            Environment = BaseEnvironment.For(DataFolder(home)),
            Ports = new Dictionary<string, int>(),
            Spec = new ServiceSpec
            {
                Name = Service,
                Command = [member.Executable, .. arguments],
                Ready = ReadyWhen.Started,
                Stop = new() { Timeout = StopWithin },
                // Without it the cluster has one vote less, and nobody can deploy a mend: it is tried for ever.
                Restart = new() { Attempts = int.MaxValue },
            },
        };
    }

    private static List<string> Arguments(EtcdMemberFile member, Home home)
    {
        var pki = new Identity.Certificates.EtcdPkiFiles(home);
        var (client, peer) = ($"https://{member.ClientAddress}", $"https://{member.PeerAddress}");
        return
        [
            "--name", member.Name,
            "--data-dir", DataFolder(home),
            "--listen-client-urls", Listening(member.ClientAddress),
            "--advertise-client-urls", client,
            "--listen-peer-urls", Listening(member.PeerAddress),
            "--initial-advertise-peer-urls", peer,
            "--initial-cluster", string.Join(',', member.Peers.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}")),
            "--initial-cluster-state", member.IsNew ? "new" : "existing",
            // A member that was cut off would otherwise come back with a higher term and take the lead from those who went on: renewals wait meanwhile (the default from 3.5 on).
            "--pre-vote",
            "--auto-compaction-mode", "periodic",
            "--auto-compaction-retention", Retention,
            "--quota-backend-bytes", $"{QuotaBytes}",
            "--client-cert-auth", "--trusted-ca-file", pki.Roots, "--cert-file", pki.Server, "--key-file", pki.Server,
            "--peer-client-cert-auth", "--peer-trusted-ca-file", pki.Roots, "--peer-cert-file", pki.Peer, "--peer-key-file", pki.Peer,
            "--peer-cert-allowed-cn", Identity.Certificates.EtcdAuthority.PeerCommonName,
            // Its JSON gateway would call itself with the server's certificate, which is none for clients; and nobody uses it.
            "--enable-grpc-gateway=false",
            "--logger", "zap",
            "--log-level", "warn",
        ];
    }

    /// <summary>Etcd listens at IP addresses only; where it is called by a name, at all of them.</summary>
    private static string Listening(string address)
    {
        var uri = new Uri($"https://{address}");
        return uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? $"https://{address}" : $"https://0.0.0.0:{uri.Port}";
    }
}
