using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Identity.Certificates;

/// <summary>
/// The authority of a cluster's own etcd: it gives certificates to members, who serve clients and each other, and to nodes, who are clients. There is no register
/// of them: etcd asks nobody whether a certificate was taken back, so they are short, and who must go is shut out by a new authority.
/// </summary>
public sealed class EtcdAuthority(Home home, TimeProvider time)
{
    /// <summary>The common name that members show each other, and that they take from nobody else: a client of the authority's is no member.</summary>
    public const string PeerCommonName = "holdfast-etcd-peer";

    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(5);

    private readonly EtcdPkiFiles files = new(home);

    /// <summary>Whether certificates can be given out here.</summary>
    public bool IsHere => File.Exists(files.AuthorityKey) && File.Exists(files.AuthorityCertificate);

    /// <summary>Makes the authority; one that is there is left alone.</summary>
    /// <param name="cluster">The cluster's name.</param>
    public Task<Outcome<Done>> InitAsync(string cluster, CancellationToken cancel) => LockedAsync(() =>
    {
        if (File.Exists(files.AuthorityCertificate)) return Outcome.Done;
        using var key = CertificateMaking.NewKey();
        using var certificate = CertificateMaking.Authority(key, $"etcd of {cluster}", time.GetUtcNow());
        // The certificate last: where it is, the key is.
        return Write(files.AuthorityKey, key.ExportPkcs8PrivateKeyPem() + "\n").Then(_ => Write(files.AuthorityCertificate, certificate.ExportCertificatePem() + "\n"));
    }, cancel);

    /// <summary>What a member needs.</summary>
    /// <param name="addresses">What clients and other members call it by, and where it calls from: DNS names and IP addresses.</param>
    public Outcome<EtcdMemberCertificates> ForMember(string name, IReadOnlyList<string> addresses, TimeSpan life) => With((authority, key, roots) =>
    {
        string[] local = [.. addresses.Union(["localhost", "127.0.0.1"])];
        return new EtcdMemberCertificates(
            Give($"etcd {name}", serves: true, calls: false, local, life, authority, key), Give(PeerCommonName, serves: true, calls: true, addresses, life, authority, key), roots);
    });

    /// <summary>
    /// What a node needs as a client: key and certificate in one text, and whom to believe. It has no address among its names: etcd would hold the caller's against it.
    /// </summary>
    /// <param name="node">The node's name: the user of etcd, where users are on.</param>
    public Outcome<EtcdClientCertificate> ForClient(string node, TimeSpan life) =>
        With((authority, key, roots) => new EtcdClientCertificate(Give(node, serves: false, calls: true, [], life, authority, key), roots));

    /// <summary>Writes them where the member of this home looks for them. Etcd reads them again at each handshake.</summary>
    public Task<Outcome<Done>> InstallAsync(EtcdMemberCertificates own, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(own);
        return LockedAsync(() => Write(files.Roots, own.Roots).Then(_ => Write(files.Peer, own.Peer)).Then(_ => Write(files.Server, own.Server)), cancel);
    }

    /// <inheritdoc cref="InstallAsync(EtcdMemberCertificates, CancellationToken)"/>
    public Task<Outcome<Done>> InstallAsync(EtcdClientCertificate own, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(own);
        return LockedAsync(() => Write(files.ClientRoots, own.Roots).Then(_ => Write(files.Client, own.Identity)), cancel);
    }

    /// <summary>Those of this home that are to be renewed: a third of their time is left. Nobody's is where there is none.</summary>
    public IReadOnlyList<EtcdCertificateDue> Due()
    {
        List<EtcdCertificateDue> due = [];
        foreach (var file in new[] { files.Server, files.Peer, files.Client })
        {
            if (Read(file) is not { } certificate) continue;
            using (certificate)
            {
                if (CertificateLife.IsDue(certificate.NotBefore, certificate.NotAfter, time.GetUtcNow())) due.Add(new(file, certificate.NotAfter.ToUniversalTime()));
            }
        }

        return due;
    }

    /// <summary>Gives new ones for those that are due, under their present names. Problems: <c>etcd.no-authority</c>: it is on another node.</summary>
    public Task<Outcome<Done>> RenewAsync(CancellationToken cancel) => LockedAsync(() =>
    {
        var renewed = Outcome.Done;
        foreach (var (file, _) in Due()) renewed = renewed.Then(_ => Renew(file));
        return renewed;
    }, cancel);

    private Outcome<Done> Renew(string file) => With((authority, key, _) =>
    {
        using var old = Read(file)!;
        return Give(
            old.GetNameInfo(X509NameType.SimpleName, forIssuer: false), serves: file != files.Client, calls: file != files.Server,
            AlternativeNames.Of(old).Addresses, CertificateAuthority.UsualLife, authority, key);
    }).Then(text => Write(file, text));

    private string Give(string commonName, bool serves, bool calls, IReadOnlyList<string> addresses, TimeSpan life, X509Certificate2 authority, ECDsa authorityKey)
    {
        var now = time.GetUtcNow();
        var end = now + life < authority.NotAfter ? now + life : authority.NotAfter;
        using var key = CertificateMaking.NewKey();
        using var made = CertificateMaking.ForeignLeaf(key, commonName, serves, calls, addresses, authority, authorityKey, now, end);
        return $"{key.ExportPkcs8PrivateKeyPem()}\n{made.ExportCertificatePem()}\n";
    }

    private Outcome<T> With<T>(Func<X509Certificate2, ECDsa, string, T> give)
    {
        if (!IsHere)
        {
            return new Problem(ProblemKind.NotFound, "etcd.no-authority", $"The authority of this cluster's etcd is not in {files.Folder}.")
            {
                Mend = "run this on the node that began the cluster (`holdfast cluster init`)",
            };
        }

        using var key = ECDsa.Create();
        try
        {
            var pem = File.ReadAllText(files.AuthorityCertificate);
            using var certificate = X509Certificate2.CreateFromPem(pem);
            key.ImportFromPem(File.ReadAllText(files.AuthorityKey));
            return give(certificate, key, pem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return new Problem(ProblemKind.Damaged, "etcd.authority", $"The authority in {files.Folder} cannot be read.") { Why = e.Message, Mend = "take it from a backup (`holdfast restore`)" };
        }
    }

    private static X509Certificate2? Read(string file)
    {
        try
        {
            return File.Exists(file) ? X509Certificate2.CreateFromPem(File.ReadAllText(file)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private async Task<Outcome<Done>> LockedAsync(Func<Outcome<Done>> change, CancellationToken cancel)
    {
        var folders = (Directory.Exists(home.Path) ? Outcome.Done : FolderRights.Ensure(home.Path, FolderRights.Public))
            .Then(_ => FolderRights.Ensure(home.Keys, FolderRights.OwnerOnly))
            .Then(_ => FolderRights.Ensure(home.Pki, FolderRights.OwnerOnly))
            .Then(_ => FolderRights.Ensure(files.Folder, FolderRights.OwnerOnly));
        if (!folders.IsOk) return folders;
        var locked = await FileLock.TakeAsync(home.PkiLock, LockWithin, time, cancel).ConfigureAwait(false);
        if (!locked.TryGet(out var held)) return Outcome.Failed<Done>(locked.Problems);
        using (held) return change();
    }

    private static Outcome<Done> Write(string file, string text) => DurableFile.Write(file, Encoding.UTF8.GetBytes(text));
}

/// <summary>What a member of etcd shows and believes, as PEM texts: key and certificate for clients, the same for other members, and the authority's certificate.</summary>
public sealed record EtcdMemberCertificates(string Server, string Peer, string Roots)
{
    /// <summary>Without the keys.</summary>
    public override string ToString() => nameof(EtcdMemberCertificates);
}

/// <summary>What a client of etcd shows (key and certificate) and believes, as PEM texts.</summary>
public sealed record EtcdClientCertificate(string Identity, string Roots)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => nameof(EtcdClientCertificate);
}

/// <summary>A certificate that somebody must renew.</summary>
public sealed record EtcdCertificateDue(string File, DateTimeOffset Until);
