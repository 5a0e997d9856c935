using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Hosting;
using Holdfast.Platform;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>Who votes in the etcd that nodes of a cluster run.</summary>
public sealed class EtcdMembership(Home home, TimeProvider time)
{
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Adds a member, without a vote until it has caught up, and makes what its machine needs. For one that was added before, new certificates. Run on the node that has etcd's
    /// authority. Problems: <c>cluster.*</c>, <c>etcd.no-authority</c>, <c>store.*</c>.
    /// </summary>
    /// <param name="host">What other members and clients call it by: a DNS name or IP address.</param>
    public async Task<Outcome<MemberBundle>> AddAsync(string name, string host, int port, int peerPort, CancellationToken cancel)
    {
        var (client, peer) = ($"{host}:{port}", $"{host}:{peerPort}");
        List<Problem> wrong = [];
        if (!PeerName.IsName(name)) wrong.Add(new(ProblemKind.BadInput, "cluster.member", $"'{name}' is no name of a member.") { Mend = "lower-case letters, digits, and . _ - between them, at most 63" });
        if (ClusterOrder.HostOf(client) is null || ClusterOrder.HostOf(peer) is null || port == peerPort)
            wrong.Add(new(ProblemKind.BadInput, "cluster.address", $"'{client}' and '{peer}' are no addresses that other machines could call.") { Mend = "for instance --address witness.bank.example" });
        var read = ClusterFile.Need(home);
        if (wrong.Count > 0 || !read.TryGet(out var cluster)) return Outcome.Failed<MemberBundle>([.. wrong, .. read.Problems]);
        // They live long: nobody there can renew them.
        var authority = new EtcdAuthority(home, time);
        var certificates = authority.ForMember(name, [host], CertificateAuthority.LongestLife);
        var shown = authority.ForClient(name, CertificateAuthority.LongestLife);
        var options = ClusterStore.Options(home, cluster);
        if (!certificates.IsOk || !shown.IsOk || !options.TryGet(out var how)) return Outcome.Failed<MemberBundle>([.. certificates.Problems, .. options.Problems]);
        var url = $"https://{peer}";
        var present = await EtcdStore.MembersAsync(how, time, cancel);
        if (present.IsOk && present.Value.Any(m => m.Name == name && !m.PeerUrls.Contains(url))) return Taken(name);
        var added = present.IsOk ? await EtcdStore.AddMemberAsync(how, url, time, cancel) : present;
        if (!added.TryGet(out var all)) return Outcome.Failed<MemberBundle>(added.Problems);
        var peers = all.SelectMany(m => m.PeerUrls.Select(u => (Name: u == url ? name : m.Name.Length > 0 ? m.Name : $"{m.Id:x}", Url: u))).ToDictionary(m => m.Name, m => m.Url, StringComparer.Ordinal);
        return new MemberBundle(
            ClusterFile.V1, MemberBundle.KindName, cluster.Name, new EtcdMemberFile(name, client, peer, peers, IsNew: false, ""), cluster.Etcd, certificates.Value, shown.Value);
    }

    /// <summary>
    /// Lets this node run the member that a bundle is of; its agent starts it with its next start. Where it runs it already, it gets the certificates. No agent may run. Problems:
    /// <c>cluster.*</c>, those of a pin.
    /// </summary>
    /// <param name="executable">etcd's, absolute.</param>
    public async Task<Outcome<ClusterFile>> TakeAsync(MemberBundle bundle, string executable, bool onWindows, Action<string> warn, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(warn);
        var read = ClusterFile.Need(home);
        if (!read.TryGet(out var cluster)) return Outcome.Failed<ClusterFile>(read.Problems);
        if (cluster.Name != bundle.Cluster) return OtherCluster(bundle, cluster.Name);
        var locked = await FileLock.TakeAsync(home.AgentLock, LockWithin, time, cancel);
        if (!locked.TryGet(out var held)) return Outcome.Failed<ClusterFile>([.. locked.Problems.Select(p => p.Kind == ProblemKind.Conflict ? ClusterBeginning.AgentRuns(home, p) : p)]);
        using (held)
        {
            var placed = await PlaceAsync(bundle, cluster.Member, executable, onWindows, warn, cancel);
            if (!placed.TryGet(out var member)) return Outcome.Failed<ClusterFile>(placed.Problems);
            var own = $"https://{member.ClientAddress}";
            var next = cluster with { Member = member, Etcd = [own, .. bundle.Etcd.Where(url => url != own)] };
            return next.Write(home).Then(_ => Outcome.Of(next));
        }
    }

    /// <summary>
    /// Takes a member its vote, and where it is this node's, lets the node run it no more. One that is gone already is no problem. Problems: <c>store.*</c>,
    /// <c>cluster.*</c>.
    /// </summary>
    /// <param name="given">Its name, or its id as the list shows it.</param>
    public async Task<Outcome<Done>> RemoveAsync(string given, CancellationToken cancel)
    {
        var read = ClusterFile.Need(home);
        if (!read.TryGet(out var cluster)) return Outcome.Failed<Done>(read.Problems);
        var options = ClusterStore.Options(home, cluster);
        var listed = options.TryGet(out var how) ? await EtcdStore.MembersAsync(how, time, cancel) : Outcome.Failed<IReadOnlyList<EtcdVoter>>(options.Problems);
        if (!listed.TryGet(out var all)) return Outcome.Failed<Done>(listed.Problems);
        var isOwn = cluster.Member?.Name == given;
        var found = all.FirstOrDefault(m => m.Name == given || $"{m.Id:x}" == given);
        if (found is null && !isOwn) return NoMember(given);
        var removed = found is not null ? await EtcdStore.RemoveMemberAsync(how!, found.Id, time, cancel) : listed;
        if (!removed.TryGet(out var left)) return Outcome.Failed<Done>(removed.Problems);
        string[] urls = [.. left.Where(m => !m.IsLearner).SelectMany(m => m.ClientUrls)];
        return (cluster with { Member = isOwn ? null : cluster.Member, Etcd = urls.Length > 0 ? urls : cluster.Etcd }).Write(home);
    }

    /// <summary>For a node and a witness alike: nothing is in the way, the program is pinned, the certificates are in their places.</summary>
    internal async Task<Outcome<EtcdMemberFile>> PlaceAsync(
        MemberBundle bundle, EtcdMemberFile? present, string executable, bool onWindows, Action<string> warn, CancellationToken cancel)
    {
        List<Problem> wrong = [.. ClusterOrder.OnWindows(onWindows)];
        if (!Path.IsPathFullyQualified(executable)) wrong.Add(new(ProblemKind.BadInput, "cluster.etcd-executable", $"'{executable}' is not absolute.") { Mend = "for instance /usr/bin/etcd" });
        if (present is not null && (present.Name != bundle.Member.Name || present.PeerAddress != bundle.Member.PeerAddress)) wrong.Add(OtherMember(present));
        if (present is null && Directory.Exists(EtcdMember.DataFolder(home)) && Directory.EnumerateFileSystemEntries(EtcdMember.DataFolder(home)).Any()) wrong.Add(ClusterBeginning.HasData(home));
        if (wrong.Count > 0) return wrong;
        var folders = HomeFolders.Ensure(home);
        if (!folders.IsOk) return Outcome.Failed<EtcdMemberFile>(folders.Problems);
        var program = await EtcdProgram.CheckAsync(executable, home, time, cancel);
        if (!program.TryGet(out var found)) return Outcome.Failed<EtcdMemberFile>(program.Problems);
        foreach (var warning in found.Warnings) warn($"{executable}: {warning}.");
        var installed = await bundle.InstallAsync(home, time, cancel);
        return installed.Then(_ => Outcome.Of(present ?? bundle.Member with { Executable = executable }));
    }

    private static Problem Taken(string name) => new(ProblemKind.Conflict, "cluster.member-exists", $"The etcd has a member {name} at another address.")
    {
        Mend = "`holdfast cluster member list` shows it; choose another name, or remove that one first",
    };

    private static Problem NoMember(string given) => new(ProblemKind.NotFound, "cluster.no-member", $"The etcd has no member {given}.")
    {
        Mend = "`holdfast cluster member list` shows those it has",
    };

    private static Problem OtherMember(EtcdMemberFile present) =>
        new(ProblemKind.Conflict, "cluster.member-here", $"This machine runs the member {present.Name} at {present.PeerAddress} already.") { Mend = "a machine has one vote" };

    internal static Problem OtherCluster(MemberBundle bundle, string cluster) =>
        new(ProblemKind.Conflict, "cluster.bundle-of-other", $"The file is of the cluster {bundle.Cluster}, and this is {cluster}.") { Mend = "look for the right file" };
}
