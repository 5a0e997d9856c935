using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>What a new node is given of its cluster: its <c>cluster.json</c>, with what it shows to etcd.</summary>
internal static class ClusterGrant
{
    /// <summary>Of an etcd with an authority here a certificate of its own; else what this node shows, which somebody gave to the cluster.</summary>
    public static Outcome<byte[]> For(string node, ClusterFile own, Home home, TimeProvider time)
    {
        var file = new ClusterFile { Name = own.Name, Node = node, Etcd = own.Etcd, LeaseSeconds = own.LeaseSeconds };
        var authority = new EtcdAuthority(home, time);
        if (authority.IsHere) return authority.ForClient(node, CertificateAuthority.UsualLife).Then(made => Outcome.Of((file with { EtcdIdentity = made.Identity, EtcdRoots = made.Roots }).ToBytes()));
        try
        {
            return File.Exists(ClusterStore.IdentityFile(home))
                ? (file with { EtcdIdentity = File.ReadAllText(ClusterStore.IdentityFile(home)), EtcdRoots = File.ReadAllText(ClusterStore.RootsFile(home)) }).ToBytes()
                : (file with { EtcdIdentity = own.EtcdIdentity, EtcdRoots = own.EtcdRoots }).ToBytes();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Damaged, "cluster.etcd-identity", "What is shown to etcd cannot be read.") { Why = e.Message, Mend = "take the files from a backup" };
        }
    }
}
