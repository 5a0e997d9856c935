using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Clusters;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;

namespace Holdfast.Node.Clusters;

/// <summary>Makes tokens where the authority is.</summary>
/// <param name="listens">Where this node's API answers over TCP, ADDRESS:PORT; empty: nowhere.</param>
internal sealed class TokenGiving(CertificateAuthority authority, JoinTokenFile file, Func<string> listens, TimeProvider time)
{
    public static readonly TimeSpan UsualLife = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    public Outcome<GivenToken> Give(string node, TimeSpan life) => Wrong(node, life) is { Count: > 0 } wrong ? wrong : authority.IsNameFree(node)
        .Then(_ => Address())
        .Then(address => authority.Published().Then(published => file.Read().Then(tokens =>
        {
            var now = time.GetUtcNow();
            var secret = RandomNumberGenerator.GetBytes(JoinToken.SecretBytes);
            var token = new JoinToken(secret, DigestOf(published.Authority), node, address);
            var issued = new IssuedToken(JoinToken.HashOf(secret), node, now + life);
            return file.Write(tokens.With(issued, now)).Then(_ => Outcome.Of(new GivenToken(token.Text(), issued.Until)));
        })));

    private static List<Problem> Wrong(string node, TimeSpan life)
    {
        List<Problem> wrong = [];
        if (!PeerName.IsName(node)) wrong.Add(new(ProblemKind.BadInput, "cluster.node-name", $"'{node}' is no name of a node.") { Mend = "lower-case letters, digits, and . _ - between them, at most 63" });
        if (life <= TimeSpan.Zero || life > LongestLife) wrong.Add(new(ProblemKind.BadInput, "cluster.token-life", $"A token cannot be good for {life.TotalMinutes:0} minutes.") { Mend = $"1 to {LongestLife.TotalMinutes:0}" });
        return wrong;
    }

    /// <summary>By what the new node is to call this one: one of the names in our certificate, or it would not be taken.</summary>
    private Outcome<string> Address() => authority.NodeAddresses().Then<string>(names =>
    {
        if (!IPEndPoint.TryParse(listens(), out var listening)) return NotListening();
        var at = listening.Address.ToString();
        var far = names.Where(name => name != "localhost" && !(IPAddress.TryParse(name, out var ip) && IPAddress.IsLoopback(ip))).ToList();
        // The host's own name is first in every certificate that `certs init` made; what somebody has named beside it is meant.
        var host = names.Contains(at) ? at : far.Count > 1 ? far[1] : far.Count == 1 ? far[0] : names.Count > 0 ? names[0] : at;
        return host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{listening.Port}" : $"{host}:{listening.Port}";
    });

    private static string DigestOf(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
    }

    private static Problem NotListening() => new(ProblemKind.Conflict, "cluster.not-listening", "Nobody could join: this node does not answer across the network.")
    {
        Mend = "start its agent with --listen ADDRESS:PORT (0.0.0.0:7420)",
    };
}
