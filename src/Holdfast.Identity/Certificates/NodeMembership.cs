using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Identity.Certificates;

/// <summary>That a home is a node of a cluster whose authority is elsewhere: its identity, whom it believes, and what the cluster gave it. All of it, or nothing.</summary>
public sealed class NodeMembership(Home home, TimeProvider time)
{
    private readonly PkiFiles files = new(home);
    private readonly EtcdPkiFiles etcdFiles = new(home);

    /// <summary>Done where there is none yet: one that is there is not overwritten.</summary>
    public Outcome<Done> IsFree()
    {
        var there = new[] { files.Node, files.AuthorityCertificate, home.ClusterDocument }.FirstOrDefault(File.Exists);
        return there is null ? Outcome.Done : new Problem(ProblemKind.Conflict, "cluster.member", $"This home has joined already: {there} is there.")
        {
            Why = "another membership would make worthless whatever this one's certificate is shown to",
            Mend = "give the new node a home of its own (--home), or move the folder keys/pki and cluster.json away",
        };
    }

    /// <param name="node">Whose certificate it must be.</param>
    /// <param name="key">PEM.</param>
    /// <param name="certificate">PEM.</param>
    /// <param name="roots">PEM.</param>
    /// <param name="cluster">What else the cluster gave; empty: nothing.</param>
    public Task<Outcome<Done>> WriteAsync(PeerName node, string key, string certificate, string roots, ReadOnlyMemory<byte> cluster, CancellationToken cancel) =>
        PkiFolder.LockedAsync(home, time, () => IsFree().Then(_ => Fits(node, key, certificate, roots)).Then(_ => Write(key + certificate, roots, cluster)), cancel);

    /// <summary>Another certificate for the node that this is, with another key. What does not fit leaves the present one in place.</summary>
    /// <param name="node">Whose certificate it must be.</param>
    /// <param name="key">PEM.</param>
    /// <param name="certificate">PEM; signed by who is believed here.</param>
    /// <param name="etcd">What is shown to etcd from now on, and whose members are believed; null: as before.</param>
    /// <param name="cancel">Only the waiting for others who write here.</param>
    public Task<Outcome<Done>> RenewAsync(PeerName node, string key, string certificate, (string Identity, string Roots)? etcd, CancellationToken cancel) => PkiFolder.LockedAsync(
        home, time,
        () => Roots().Then(roots => Fits(node, key, certificate, roots).Then(_ => IsSigned(certificate, roots)))
            .Then(_ => etcd is { } shown ? PkiFolder.Write(etcdFiles.ClientRoots, shown.Roots).Then(_ => PkiFolder.Write(etcdFiles.Client, shown.Identity)) : Outcome.Done)
            // Last: until it is here, another one is due.
            .Then(_ => PkiFolder.Write(files.Node, key + certificate)),
        cancel);

    private Outcome<string> Roots()
    {
        try
        {
            return File.ReadAllText(files.Roots);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Damaged, "certs.roots", $"{files.Roots} cannot be read.") { Why = e.Message, Mend = "take it from a backup, or from another node" };
        }
    }

    private Outcome<Done> IsSigned(string certificate, string roots)
    {
        using var own = X509Certificate2.CreateFromPem(certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        return chain.Build(own) ? Outcome.Done : Other(string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation.Trim())));
    }

    /// <summary>The identity last: where it is, the rest is.</summary>
    private Outcome<Done> Write(string identity, string roots, ReadOnlyMemory<byte> cluster)
    {
        var written = PkiFolder.Write(files.Roots, roots)
            .Then(_ => cluster.IsEmpty ? Outcome.Done : DurableFile.Write(home.ClusterDocument, cluster.Span))
            .Then(_ => PkiFolder.Write(files.Node, identity));
        if (written.IsOk) return written;
        foreach (var file in new[] { files.Node, home.ClusterDocument, files.Roots }) DurableFile.Delete(file);
        return written;
    }

    private static Outcome<Done> Fits(PeerName node, string key, string certificate, string roots)
    {
        try
        {
            using var own = X509Certificate2.CreateFromPem(certificate, key);
            X509Certificate2Collection trusted = [];
            trusted.ImportFromPem(roots);
            return PeerName.Of(own) == node && trusted.Count > 0 ? Outcome.Done : Other("it is another's, or nobody is to be believed");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return Other(e.Message);
        }
    }

    private static Problem Other(string why) => new(ProblemKind.Failed, "cluster.grant", "What the cluster gave is no certificate for this node; nothing was written.") { Why = why, Mend = "ask again (for joining, with another token); if it stays so, the versions do not fit" };
}
