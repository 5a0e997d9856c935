using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Api;
using Holdfast.Node.Hosting;
using Holdfast.Node.Packages;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Cluster;

namespace Holdfast.Node.Clusters;

/// <summary>Asks the node that has the authority for another certificate, under the present one. Which node that is is not known: all are asked until one gives it.</summary>
/// <param name="peers">The other nodes that are there.</param>
internal sealed class RenewalElsewhere(Home home, Func<IReadOnlyList<PeerAddress>> peers, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The new certificate is in place, and what is shown to etcd with it. Or why not, as each node said; the present one is in force then.</summary>
    public async Task<Outcome<IssuedCertificate>> RenewAsync(PeerName node, CancellationToken cancel)
    {
        var asked = KeyRequest.Make(node);
        List<string> without = [];
        foreach (var peer in peers())
        {
            var answered = await AskAsync(peer, asked.Request, cancel);
            if (answered.TryGet(out var answer)) return await TakeAsync(node, asked.Key, answer, cancel);
            without.Add($"{peer}: {answered.Problems[0].What.TrimEnd('.')}");
        }

        return new Problem(ProblemKind.Unavailable, "certs.nobody-renews", "No other node gives this one another certificate.")
        {
            Why = without.Count == 0 ? "no other node is there" : string.Join("; ", without),
            Mend = "see that the node that has the authority (`holdfast certs list`) is there and listens",
        };
    }

    private async Task<Outcome<RenewResponse>> AskAsync(PeerAddress peer, string request, CancellationToken cancel)
    {
        var opened = peer.Open(() => NodeCertificates.Shown(home), time);
        if (!opened.TryGet(out var channel)) return Outcome.Failed<RenewResponse>(opened.Problems);
        using var ends = channel;
        try
        {
            return await new ClusterClient(channel).RenewAsync(new() { Request = request }, new(Patience, cancel));
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            return Outcome.Failed<RenewResponse>(ProblemTranslation.ToProblems(e));
        }
    }

    private async Task<Outcome<IssuedCertificate>> TakeAsync(PeerName node, string key, RenewResponse answer, CancellationToken cancel)
    {
        var read = answer.Cluster.IsEmpty ? Outcome.Of<ClusterFile?>(null) : ClusterFile.Parse(answer.Cluster.Span, "what the cluster gave");
        if (!read.TryGet(out var given) && !read.IsOk) return Outcome.Failed<IssuedCertificate>(read.Problems);
        (string, string)? etcd = given is { EtcdIdentity: { } identity, EtcdRoots: { } roots } ? (identity, roots) : null;
        var written = await new NodeMembership(home, time).RenewAsync(node, key, answer.Certificate, etcd, cancel);
        if (!written.IsOk) return Outcome.Failed<IssuedCertificate>(written.Problems);
        using var made = X509Certificate2.CreateFromPem(answer.Certificate);
        return new IssuedCertificate(made.SerialNumber, node, [], made.NotBefore, made.NotAfter);
    }
}
