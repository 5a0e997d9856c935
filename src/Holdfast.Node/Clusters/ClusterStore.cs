using System.Security.Cryptography;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;
using Holdfast.Rpc.Tls;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>The store of a node's cluster: how it is called, and its opening.</summary>
public static class ClusterStore
{
    /// <summary>Key and certificate that are shown to etcd, in one file; where it is not, none is shown.</summary>
    public static string IdentityFile(Home home) => new EtcdPkiFiles(home).Client;

    /// <summary>Whose certificates etcd's members may have.</summary>
    public static string RootsFile(Home home) => new EtcdPkiFiles(home).ClientRoots;

    /// <summary>Opens it. It must have been made by who began the cluster; what that left to the first opening is done here.</summary>
    public static async Task<Outcome<EtcdStore>> OpenAsync(Home home, ClusterFile cluster, TimeProvider time, CancellationToken cancel)
    {
        var options = Options(home, cluster);
        if (!options.TryGet(out var how)) return Outcome.Failed<EtcdStore>(options.Problems);
        var pending = await PendingOpening.FinishAsync(home, cluster, how, time, cancel);
        if (!pending.IsOk) return Outcome.Failed<EtcdStore>(pending.Problems);
        var remembered = new SeenStore(home).Read();
        if (!remembered.IsOk) return Outcome.Failed<EtcdStore>(remembered.Problems);
        return await EtcdStore.OpenAsync(how, remembered.Value, time, cancel);
    }

    /// <summary>Problems: <c>cluster.etcd-identity</c>.</summary>
    public static Outcome<EtcdOptions> Options(Home home, ClusterFile cluster)
    {
        var options = new EtcdOptions { Endpoints = [.. cluster.Etcd.Select(e => new Uri(e))], Cluster = cluster.Name };
        if (!File.Exists(IdentityFile(home)) && cluster.EtcdIdentity is null) return options;
        try
        {
            Load(home, cluster);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Problem(ProblemKind.Damaged, "cluster.etcd-identity", $"What is shown to etcd cannot be read: {IdentityFile(home)}, {RootsFile(home)}.") { Why = e.Message, Mend = "take the files from a backup, or join anew" };
        }

        return options with { Identity = () => Load(home, cluster) };
    }

    private static TlsIdentity Load(Home home, ClusterFile cluster)
    {
        if (!File.Exists(IdentityFile(home))) return TlsIdentity.FromPem(cluster.EtcdIdentity!, cluster.EtcdIdentity!, cluster.EtcdRoots ?? "");
        var own = File.ReadAllText(IdentityFile(home));
        return TlsIdentity.FromPem(own, own, File.ReadAllText(RootsFile(home)));
    }
}
