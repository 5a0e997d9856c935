using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;
using Holdfast.Rpc.Tls;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Hosting;

/// <summary>
/// What this node shows over TCP, whom it believes and who is revoked: read again when a file of it changes, so that a renewal or revocation counts at once.
/// What cannot be read leaves the former ones in force, but for the register of revocations: without that nobody is taken.
/// </summary>
internal sealed class NodeCertificates
{
    private readonly PkiFiles files;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Lock reading = new();
    private Stamp identityStamp;
    private Stamp registerStamp;
    private TlsIdentity identity;
    private Outcome<CertificateRegister> register;

    private NodeCertificates(PkiFiles files, TimeProvider time, ILogger log, Stamp stamp, TlsIdentity identity)
    {
        this.files = files;
        this.time = time;
        this.log = log;
        identityStamp = stamp;
        this.identity = identity;
        registerStamp = Stamp.Of(files.Register);
        register = ReadRegister();
    }

    public static Outcome<NodeCertificates> Open(Home home, TimeProvider time, ILogger log)
    {
        var files = new PkiFiles(home);
        if (!File.Exists(files.Node)) return CertificateAuthority.NoNode(home);
        var stamp = Stamp.Of(files.Node, files.Roots);
        return Read(files).Then(identity => Outcome.Of(new NodeCertificates(files, time, log, stamp, identity)));
    }

    /// <summary>What this node shows when it calls another one.</summary>
    /// <exception cref="CryptographicException">It cannot be used.</exception>
    /// <exception cref="IOException">It is not there.</exception>
    public static TlsIdentity Shown(Home home)
    {
        var files = new PkiFiles(home);
        var own = File.ReadAllText(files.Node);
        return TlsIdentity.FromPem(own, own, File.ReadAllText(files.Roots));
    }

    /// <summary>For the handshake that comes now.</summary>
    public TlsIdentity Now()
    {
        lock (reading)
        {
            var stamp = Stamp.Of(files.Node, files.Roots);
            if (stamp != identityStamp)
            {
                identityStamp = stamp;
                var read = Read(files);
                if (read.IsOk) identity = read.Value;
                else AgentLog.CertificatesNotRead(log, files.Home.Pki, string.Join("; ", read.Problems));
            }

            return identity with { Refuse = Refuse };
        }
    }

    /// <summary>Why this certificate, which one of our roots has signed, is not taken, as a clause; null: it is. Asked at the handshake and at each call.</summary>
    public string? Refuse(X509Certificate2 certificate)
    {
        if (PeerName.Of(certificate) is null) return "it names nobody: it has no alternative name like holdfast://operator/alice";
        if (certificate.NotAfter.ToUniversalTime() < time.GetUtcNow().UtcDateTime) return $"it ended on {certificate.NotAfter.ToUniversalTime():u}";
        var known = Register();
        if (!known.IsOk) return $"it is not known which certificates are revoked: {known.Problems[0].What}";
        return known.Value.Revoked(certificate.SerialNumber) is { RevokedAt: { } at } revoked ? $"it was revoked on {at.UtcDateTime:u}{(revoked.Reason is { Length: > 0 } reason ? $" ({reason})" : "")}" : null;
    }

    private Outcome<CertificateRegister> Register()
    {
        lock (reading)
        {
            var stamp = Stamp.Of(files.Register);
            if (stamp == registerStamp) return register;
            registerStamp = stamp;
            return register = ReadRegister();
        }
    }

    /// <summary>A node without an authority of its own has none.</summary>
    private Outcome<CertificateRegister> ReadRegister()
    {
        try
        {
            return CertificateRegister.Parse(File.ReadAllText(files.Register), files.Register);
        }
        catch (FileNotFoundException) when (!File.Exists(files.AuthorityCertificate))
        {
            return CertificateRegister.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Damaged, "certs.register", $"{files.Register} cannot be read: {e.Message}");
        }
    }

    private static Outcome<TlsIdentity> Read(PkiFiles files)
    {
        try
        {
            var own = File.ReadAllText(files.Node);
            return TlsIdentity.FromPem(own, own, File.ReadAllText(files.Roots));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Damaged, "certs.node", $"The certificates in {files.Home.Pki} cannot be used.") { Why = e.Message, Mend = "take them from a backup (`holdfast restore`), or move the folder away and begin with `holdfast certs init`" };
        }
    }

    /// <summary>What tells that a file is another one. Ours are replaced, never written into.</summary>
    private readonly record struct Stamp(DateTime First, long FirstBytes, DateTime Second, long SecondBytes)
    {
        public static Stamp Of(string first, string? second = null)
        {
            FileInfo one = new(first), other = new(second ?? first);
            return new(one.LastWriteTimeUtc, one.Exists ? one.Length : -1, other.LastWriteTimeUtc, other.Exists ? other.Length : -1);
        }
    }
}
