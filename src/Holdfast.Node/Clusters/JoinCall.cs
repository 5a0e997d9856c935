using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Clusters;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tls;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Cluster;

namespace Holdfast.Node.Clusters;

/// <summary>The joining machine's side: nothing of the token leaves it before the server has been proven to be the one that the token is from.</summary>
public static class JoinCall
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="address">HOST:PORT of the node that has the authority.</param>
    /// <param name="node">The name of the node that this machine becomes.</param>
    /// <param name="addresses">What it is called by.</param>
    /// <param name="request">For its key: PKCS#10, PEM.</param>
    /// <param name="version">Of its agent.</param>
    public static async Task<Outcome<JoinGrant>> AskAsync(
        string address, JoinToken token, string node, IReadOnlyList<string> addresses, string request, string version, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (!Uri.TryCreate($"https://{address}", UriKind.Absolute, out var server)) return new Problem(ProblemKind.BadInput, "cluster.address", $"'{address}' is no address of a node.") { Mend = "HOST:PORT, for instance node-1.bank.example:7420" };
        var shown = new UnprovenServer();
        try
        {
            using var channel = new RpcChannel(RpcTransport.Tls(server, shown), time);
            using var call = new ClusterClient(channel).Join(new CallOptions(Patience, cancel));
            if (!await call.MoveNext(cancel).ConfigureAwait(false) || call.Current!.Hello is not { } hello) return NoCluster(address, "it does not say which authority it has");
            if (Prove(hello, token, address, shown, time.GetUtcNow()) is { } unproven) return unproven;
            await call.WriteAsync(new()
            {
                Secret = ByteString.CopyFrom(token.Secret.Span), Node = node, Addresses = { addresses }, Request = request, Version = version, Now = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            }).ConfigureAwait(false);
            call.EndWriting();
            return await call.MoveNext(cancel).ConfigureAwait(false) && call.Current!.Grant is { } grant ? grant : NoCluster(address, "it gave no certificate");
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            if (e.Status.Code == StatusCode.Unimplemented) return NoCluster(address, "its version knows no joining: upgrade it");
            return e.Status.Code == StatusCode.Unavailable && e.Trailers.GetBytes(ProblemTranslation.Trailer) is null ? NotReached(address, e.Status.Detail) : Outcome.Failed<JoinGrant>(ProblemTranslation.ToProblems(e));
        }
    }

    private static Problem? Prove(JoinHello hello, JoinToken token, string address, UnprovenServer shown, DateTimeOffset now)
    {
        X509Certificate2Collection authority = [];
        try
        {
            authority.ImportFromPem(hello.Authority);
        }
        catch (CryptographicException e)
        {
            return OtherCluster(address, e.Message);
        }

        if (authority.Count != 1 || !string.Equals(authority[0].GetCertHashString(HashAlgorithmName.SHA256), token.Authority, StringComparison.OrdinalIgnoreCase))
            return OtherCluster(address, "its authority is another than the one that the token is from");
        if (shown.WhyNot(authority) is not { } why) return null;
        // Where clocks are far apart a good certificate seems to be none: then that is what is to be said.
        return hello.Now is { } theirs && JoinRules.Clock(TimeOf(theirs, now), now) is { } clock ? clock : OtherCluster(address, why);
    }

    private static DateTimeOffset TimeOf(Timestamp theirs, DateTimeOffset ours)
    {
        try
        {
            return theirs.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            return ours;
        }
    }

    private static Problem OtherCluster(string address, string why) => new(ProblemKind.Refused, "cluster.other-cluster", $"Who answers at {address} is not the node that gave out the token; nothing was sent to it.")
    {
        Why = why,
        Mend = "look at the address; if it is right, something stands between the two nodes",
    };

    private static Problem NoCluster(string address, string why) => new(ProblemKind.Conflict, "cluster.no-join", $"{address} answers, and lets nobody join.") { Why = why, Mend = "name the node that gave out the token" };

    private static Problem NotReached(string address, string why) => new(ProblemKind.Unavailable, "cluster.not-reached", $"{address} does not answer.")
    {
        Why = why,
        Mend = "there, `holdfast node` shows where it listens; a firewall between the two must let that port pass",
    };
}
