using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Clusters;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Identity.Certificates;

/// <summary>
/// The authority in a home: gives out certificates, and takes them back. One process at a time; what it gives out is in the register before anybody has it,
/// so that nothing is out that could not be revoked.
/// </summary>
public sealed class CertificateAuthority(Home home, TimeProvider time)
{
    public static readonly TimeSpan UsualLife = TimeSpan.FromDays(90);
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(825);

    private readonly PkiFiles files = new(home);

    /// <summary>Makes the authority, and the node's own certificate; an interrupted one is finished, a finished one is left alone.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="addresses">What callers will call it by: DNS names and IP addresses.</param>
    public Task<Outcome<IssuedCertificate>> InitAsync(string node, IReadOnlyList<string> addresses, CancellationToken cancel) => LockedAsync(() =>
    {
        if (File.Exists(files.AuthorityCertificate) && File.Exists(files.Node)) return Exists();
        if (File.Exists(files.Node) && !File.Exists(files.AuthorityCertificate) && !File.Exists(files.AuthorityKey)) return Joined();
        var authority = File.Exists(files.AuthorityCertificate) ? Outcome.Done : MakeAuthority(node);
        return authority.Then(_ => GiveNode(new PeerName(PeerRole.Node, node), addresses, UsualLife));
    }, cancel);

    /// <param name="request">A request (PKCS#10, PEM) whose key is to be certified; null: a key is made here.</param>
    public Task<Outcome<NewCertificate>> IssueAsync(PeerName peer, IReadOnlyList<string> addresses, TimeSpan life, string? request, CancellationToken cancel) =>
        LockedAsync(() => Give(peer, addresses, life, request), cancel);

    /// <summary>The first certificate for a node that joins; <c>cluster.name-taken</c> where one of that name is good.</summary>
    /// <param name="request">For its key (PKCS#10, PEM).</param>
    public Task<Outcome<NewCertificate>> AdmitNodeAsync(string node, IReadOnlyList<string> addresses, string request, CancellationToken cancel) =>
        LockedAsync(() => IsNameFree(node).Then(_ => Give(new PeerName(PeerRole.Node, node), addresses, UsualLife, request)), cancel);

    /// <summary>Done where no certificate of a node of that name is good.</summary>
    public Outcome<Done> IsNameFree(string node) =>
        Register().Then(register => register.Find(new PeerName(PeerRole.Node, node).ToString(), time.GetUtcNow()).Count == 0 ? Outcome.Done : JoinProblems.NameTaken(node));

    /// <summary>A new key and certificate for this node under its present name and addresses. Who calls it from now on is shown the new one.</summary>
    public Task<Outcome<IssuedCertificate>> RenewNodeAsync(CancellationToken cancel) => LockedAsync(
        () => NodeCertificate().Then(old => PeerName.Of(old) is { } peer
            ? GiveNode(peer, AlternativeNames.Of(old).Addresses, UsualLife)
            : new Problem(ProblemKind.Conflict, "certs.not-ours", $"{files.Node} is no certificate of ours.") { Mend = "renew it where it comes from" }),
        cancel);

    /// <summary>Another certificate for who has one: the same role, addresses and length of life. The former one holds until it ends or is revoked.</summary>
    public Task<Outcome<NewCertificate>> RenewAsync(string name, string? request, CancellationToken cancel) => LockedAsync(
        () => Register().Then(register => register.Issued.LastOrDefault(one => one.RevokedAt is null && (one.Peer.Name == name || one.Peer.ToString() == name)) is { } last
            ? Give(last.Peer, last.Addresses, Whole(last.Until - last.From), request)
            : NotIssued(name)),
        cancel);

    /// <summary>Takes back all certificates of a name, or one by its serial: from their next call on they are not taken.</summary>
    public Task<Outcome<IReadOnlyList<IssuedCertificate>>> RevokeAsync(string given, string reason, CancellationToken cancel) => LockedAsync(
        () => Register().Then(register =>
        {
            var now = time.GetUtcNow();
            var found = register.Find(given, now);
            if (found.Count == 0) return NotIssued(given);
            return Save(register.Revoke([.. found.Select(one => one.Serial)], reason, now)).Then(_ => Outcome.Of(found));
        }),
        cancel);

    /// <summary>What was given out, oldest first.</summary>
    public Outcome<CertificateRegister> Register()
    {
        if (!File.Exists(files.AuthorityCertificate)) return NoAuthority();
        return File.Exists(files.Register) ? CertificateRegister.Parse(File.ReadAllText(files.Register), files.Register) : CertificateRegister.Empty;
    }

    public Outcome<X509Certificate2> NodeCertificate()
    {
        if (!File.Exists(files.Node)) return NoNode(home);
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(files.Node));
        }
        catch (CryptographicException e)
        {
            return new Problem(ProblemKind.Damaged, "certs.node", $"{files.Node} holds no certificate.") { Why = e.Message, Mend = "remove it and run `holdfast certs init` again" };
        }
    }

    /// <summary>What this node's certificate says that it is called by, in the order in which it was said.</summary>
    public Outcome<IReadOnlyList<string>> NodeAddresses() => NodeCertificate().Then(own =>
    {
        using (own) return Outcome.Of(AlternativeNames.Of(own).Addresses);
    });

    /// <summary>The authority's certificate (PEM), and whom its nodes are to believe.</summary>
    public Outcome<(string Authority, string Roots)> Published()
    {
        if (!IsHere) return NoAuthority();
        try
        {
            return (File.ReadAllText(files.AuthorityCertificate), File.ReadAllText(files.Roots));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Damaged, "certs.authority", $"The authority in {home.Pki} cannot be read.") { Why = e.Message, Mend = "take it from a backup (`holdfast restore`)" };
        }
    }

    /// <summary>Whether certificates can be given out here.</summary>
    public bool IsHere => File.Exists(files.AuthorityKey) && File.Exists(files.AuthorityCertificate);

    public static Problem NoNode(Home home) => new(ProblemKind.NotFound, "certs.none", $"This node has no certificate: {new PkiFiles(home).Node} is not there.") { Mend = "make an authority and a certificate with `holdfast certs init`" };

    private Outcome<Done> MakeAuthority(string name)
    {
        using var key = CertificateMaking.NewKey();
        using var certificate = CertificateMaking.Authority(key, name, time.GetUtcNow());
        var pem = certificate.ExportCertificatePem() + "\n";
        // The certificate last: where it is, the rest is.
        return Write(files.AuthorityKey, key.ExportPkcs8PrivateKeyPem() + "\n")
            .Then(_ => Write(files.Register, CertificateRegister.Empty.Text()))
            .Then(_ => Write(files.Roots, pem))
            .Then(_ => Write(files.AuthorityCertificate, pem));
    }

    private Outcome<IssuedCertificate> GiveNode(PeerName peer, IReadOnlyList<string> addresses, TimeSpan life) =>
        Give(peer, addresses, life, null).Then(made => Write(files.Node, made.Key + made.Certificate).Then(_ => Outcome.Of(made.Entry)));

    private Outcome<NewCertificate> Give(PeerName peer, IReadOnlyList<string> addresses, TimeSpan life, string? request)
    {
        var wrong = Wrong(peer, addresses, life);
        if (wrong.Count > 0) return wrong;
        return Register().Then(register => Authority().Then(authority =>
        {
            using var certificate = authority.Certificate;
            using var authorityKey = authority.Key;
            return Key(request).Then(holder =>
            {
                using var own = holder.Own;
                var now = time.GetUtcNow();
                var end = now + life;
                if (end > certificate.NotAfter) end = certificate.NotAfter;
                using var made = CertificateMaking.Leaf(holder.Public, peer, addresses, certificate, authorityKey, now, end);
                var entry = new IssuedCertificate(made.SerialNumber, peer, addresses, made.NotBefore, made.NotAfter);
                return Save(register.With(entry)).Then(_ => Outcome.Of(
                    new NewCertificate(entry, made.ExportCertificatePem() + "\n", own is null ? null : own.ExportPkcs8PrivateKeyPem() + "\n", certificate.ExportCertificatePem() + "\n")));
            });
        }));
    }

    private static List<Problem> Wrong(PeerName peer, IReadOnlyList<string> addresses, TimeSpan life)
    {
        List<Problem> wrong = [];
        if (!PeerName.IsName(peer.Name)) wrong.Add(PeerName.BadName(peer.Name));
        if (life <= TimeSpan.Zero || life > LongestLife) wrong.Add(new(ProblemKind.BadInput, "certs.days", $"A certificate cannot be good for {life.TotalDays:0.##} days.") { Mend = $"1 to {LongestLife.TotalDays:0}" });
        if (peer.Role == PeerRole.Node && addresses.Count == 0) wrong.Add(new(ProblemKind.BadInput, "certs.address", "A node's certificate needs the addresses that it is called by.") { Mend = "name them: --address NAME-OR-IP" });
        if (peer.Role != PeerRole.Node && addresses.Count > 0) wrong.Add(new(ProblemKind.BadInput, "certs.address", $"{peer} answers nobody, and has no address.") { Mend = "leave --address out; it is for nodes" });
        wrong.AddRange(addresses.Where(address => Uri.CheckHostName(address) == UriHostNameType.Unknown)
            .Select(address => new Problem(ProblemKind.BadInput, "certs.address", $"'{address}' is neither a DNS name nor an IP address.") { Mend = "for instance node-1.bank.example, or 10.1.2.3" }));
        return wrong;
    }

    /// <summary>The key that is certified, and whether it is known here.</summary>
    private static Outcome<(PublicKey Public, ECDsa? Own)> Key(string? request)
    {
        if (request is null)
        {
            var own = CertificateMaking.NewKey();
            return (new PublicKey(own), own);
        }

        try
        {
            // Its signature is checked: who asks has the key.
            var asked = CertificateRequest.LoadSigningRequestPem(request, HashAlgorithmName.SHA256);
            using var rsa = asked.PublicKey.GetRSAPublicKey();
            using var ecdsa = asked.PublicKey.GetECDsaPublicKey();
            if (rsa is { KeySize: < 2048 }) return BadRequest($"its RSA key has {rsa.KeySize} bits");
            return rsa is null && ecdsa is null ? BadRequest("its key is neither RSA nor ECDSA") : (asked.PublicKey, (ECDsa?)null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return BadRequest(e.Message);
        }
    }

    private Outcome<(X509Certificate2 Certificate, ECDsa Key)> Authority()
    {
        if (!IsHere) return NoAuthority();
        var key = ECDsa.Create();
        try
        {
            var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(files.AuthorityCertificate));
            key.ImportFromPem(File.ReadAllText(files.AuthorityKey));
            return (certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return new Problem(ProblemKind.Damaged, "certs.authority", $"The authority in {home.Pki} cannot be read.") { Why = e.Message, Mend = "take it from a backup (`holdfast restore`)" };
        }
    }

    private Task<Outcome<T>> LockedAsync<T>(Func<Outcome<T>> change, CancellationToken cancel) => PkiFolder.LockedAsync(home, time, change, cancel);

    private Outcome<Done> Save(CertificateRegister register) => Write(files.Register, register.Text());

    private static Outcome<Done> Write(string file, string text) => PkiFolder.Write(file, text);

    /// <summary>The slack for other clocks is not part of what was asked for.</summary>
    private static TimeSpan Whole(TimeSpan life) => TimeSpan.FromDays(Math.Max(1, Math.Floor(life.TotalDays)));

    private Problem Exists() => new(ProblemKind.Conflict, "certs.exist", $"{home.Pki} has an authority already.")
    {
        Why = "a second one would make every certificate of the first one worthless",
        Mend = "`holdfast certs list` shows what it gave out; `holdfast certs renew` renews this node's own",
    };

    private Problem Joined() => new(ProblemKind.Conflict, "certs.joined", $"This node has its certificate from an authority elsewhere: {files.Node} is there.")
    {
        Why = "an authority made here would take it out of its cluster",
        Mend = "`holdfast certs issue` on the node that has the authority gives out more; to leave the cluster, move keys/pki and cluster.json away",
    };

    private Problem NoAuthority() => new(ProblemKind.NotFound, "certs.no-authority", $"There is no authority in {home.Pki}.")
    {
        Mend = File.Exists(files.Node) ? "run this on the node that has it; a node that joined has its own certificate renewed by its agent" : "make one with `holdfast certs init`, or run this on the node that has it",
    };

    private static Problem NotIssued(string given) => new(ProblemKind.NotFound, "certs.not-issued", $"No certificate that holds is called '{given}', or has that serial.") { Mend = "`holdfast certs list` shows those there are" };

    private static Problem BadRequest(string why) => new(ProblemKind.BadInput, "certs.request", "This is no request for a certificate that can be granted.") { Why = why, Mend = "`holdfast certs request` makes one, and so does `openssl req -new` with an ECDSA key" };
}
