using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;
using Holdfast.Rpc.Tls;

namespace Holdfast.Node.Packages;

/// <summary>
/// Fetches a package that this node has not from those that have it. What comes is believed no more than what somebody pushes: it has the digest that was asked for, and
/// this node's own policy admits it, or nothing of it stays.
/// </summary>
/// <param name="identity">What this node shows to others; asked for at each handshake.</param>
internal sealed class PackageFetching(Home home, PackageStore packages, ChangeRecord record, Func<TlsIdentity> identity, TimeProvider time)
{
    /// <summary>In the record: the agent does it by itself.</summary>
    private const string Actor = "holdfast agent";

    private readonly DigestTurns turns = new();
    private readonly PeerTransfer transfer = new(identity, time);

    /// <summary>
    /// The package, from this node or from the first peer that gives it. A transfer that breaks goes on at its place with the next peer. Two fetches of one package are one:
    /// the second waits, and finds it here.
    /// </summary>
    /// <returns>Or <c>package.nowhere</c> (no peer gave it; says each one's reason), or <c>package.refused</c> and what stands against it.</returns>
    public async Task<Outcome<AdmittedPackage>> FetchAsync(string digest, IReadOnlyList<PeerAddress> peers, CancellationToken cancel)
    {
        if (!PackageDigest.IsValid(digest)) return new Problem(ProblemKind.BadInput, "package.digest-form", $"'{digest}' is no digest of a package");
        using var turn = await turns.EnterAsync(digest, cancel);
        if (packages.Check(digest).TryGet(out var here)) return here with { Known = true };
        return await record.AroundAsync(
            Actor, "fetch", digest, Guid.NewGuid().ToString("n"), new Dictionary<string, string> { ["peers"] = string.Join(", ", peers) }, () => GuardedAsync(digest, peers, cancel),
            package => new Dictionary<string, string>
            {
                ["service"] = package.Service,
                ["version"] = package.Version,
                ["signers"] = string.Join(", ", package.Record.Signers.Select(signer => signer.Subject)),
            });
    }

    private async Task<Outcome<AdmittedPackage>> GuardedAsync(string digest, IReadOnlyList<PeerAddress> peers, CancellationToken cancel)
    {
        try
        {
            return await FromPeersAsync(digest, peers, new PartialFetch(home, digest), cancel);
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"fetch the package {digest}");
        }
    }

    private async Task<Outcome<AdmittedPackage>> FromPeersAsync(string digest, IReadOnlyList<PeerAddress> peers, PartialFetch part, CancellationToken cancel)
    {
        List<(PeerAddress Peer, Problem Why)> without = [];
        List<Problem> against = [];
        HashSet<string> refused = new(StringComparer.Ordinal);
        foreach (var peer in peers)
        {
            var came = await transfer.RunAsync(peer, digest, part, refused, cancel);
            if (came.IsOk)
            {
                var judged = await JudgeAsync(digest, part, refused, cancel);
                // The beginning was another's, who may have lied: this one is asked for all of it before anything is said of it.
                if (!judged.IsOk && came.Value > 0 && (came = await transfer.RunAsync(peer, digest, part, refused, cancel)).IsOk)
                    judged = await JudgeAsync(digest, part, refused, cancel);
                if (judged.IsOk) return judged;
                if (came.IsOk)
                {
                    against.AddRange([Refused(digest, peer), .. judged.Problems]);
                    continue;
                }
            }

            if (came.Problems[0].Rule == PeerTransfer.NotWrittenRule) return Outcome.Failed<AdmittedPackage>(came.Problems);
            without.Add((peer, came.Problems[0]));
        }

        return against.Count > 0 ? against : Nowhere(digest, without);
    }

    /// <summary>As a push is judged. Either way the part file is gone: what is here is in the store, and what was refused is nowhere.</summary>
    private async Task<Outcome<AdmittedPackage>> JudgeAsync(string digest, PartialFetch part, HashSet<string> refused, CancellationToken cancel)
    {
        try
        {
            var inspected = PackageReader.Inspect(part.File);
            if (!inspected.TryGet(out var info)) return Outcome.Failed<AdmittedPackage>(inspected.Problems);
            if (info.Digest != digest) return OtherPackage(info.Digest);
            var policy = TrustPolicy.Load(home.TrustPolicy);
            var admitted = policy.TryGet(out var trusted) ? await packages.AdmitAsync(part.File, trusted, cancel) : Outcome.Failed<AdmittedPackage>(policy.Problems);
            // The same bytes would be judged the same. What is damaged may be whole elsewhere.
            if (!admitted.IsOk && admitted.Problems.All(problem => problem.Rule.StartsWith("trust.", StringComparison.Ordinal))) refused.Add(info.Archive);
            return admitted;
        }
        finally
        {
            part.Delete();
        }
    }

    private static Problem Refused(string digest, PeerAddress peer) => new(ProblemKind.Refused, "package.refused", $"The package {digest}, as {peer} gave it, is refused.")
    {
        Why = "what comes from another node is judged by this node's own policy, as a push is",
        Mend = "see the problems beside this one; `holdfast verify` says the same of the file",
    };

    private static Problem OtherPackage(string digest) => new(ProblemKind.Refused, "package.other", $"What came is the package {digest}, which nobody asked for.")
    {
        Mend = "look at the node that gave it: its store is damaged, or somebody else answers in its place",
    };

    private static Problem Nowhere(string digest, List<(PeerAddress Peer, Problem Why)> without) => new(
        without.TrueForAll(one => one.Why.Kind == ProblemKind.NotFound) ? ProblemKind.NotFound : ProblemKind.Unavailable, "package.nowhere", $"No other node gave the package {digest}.")
    {
        Why = without.Count == 0 ? "no other node is known" : string.Join("; ", without.Select(one => $"{one.Peer}: {one.Why.What.TrimEnd('.')}")),
        Mend = "push it again to any node (`holdfast deploy`), or bring one back that has it",
    };
}
