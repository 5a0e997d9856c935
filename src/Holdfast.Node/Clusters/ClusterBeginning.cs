using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Hosting;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Begins a cluster with this node, in a home without an agent. <c>cluster.json</c> is written when all else is there: a home has it, or is a node by itself as before. Run again after
/// a crash, it ends as if nothing had been. Where this node runs the etcd, there is none yet to make a store in: the agent's first opening does that (<see cref="PendingOpening"/>).
/// </summary>
public static class ClusterBeginning
{
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(1);

    /// <param name="migrate">What is in the home's one-node store goes with it; else a home with services is refused.</param>
    /// <param name="warn">Told of what somebody should know, a sentence each.</param>
    /// <returns>Or problems: <c>cluster.*</c>, <c>lease.length</c>, <c>store.*</c>, <c>agent.already-running</c>.</returns>
    public static async Task<Outcome<ClusterFile>> RunAsync(ClusterOrder order, bool migrate, Action<string> warn, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(warn);
        var now = time.GetUtcNow();
        var shown = order is { EtcdIdentity: { } file, IsManaged: false } ? IdentityFile.Read(file, now).Then<IdentityFile?>(read => read) : Outcome.Of<IdentityFile?>(null);
        var wanted = order.Check();
        if (!wanted.TryGet(out var cluster) || !shown.IsOk) return Outcome.Failed<ClusterFile>([.. wanted.Problems, .. shown.Problems]);
        var folders = HomeFolders.Ensure(order.Home);
        if (!folders.IsOk) return Outcome.Failed<ClusterFile>(folders.Problems);
        var locked = await FileLock.TakeAsync(order.Home.AgentLock, LockWithin, time, cancel);
        if (!locked.TryGet(out var held))
            return Outcome.Failed<ClusterFile>([.. locked.Problems.Select(p => p.Kind == ProblemKind.Conflict ? AgentRuns(order.Home, p) : p)]);
        using (held) return await BeginAsync(order, cluster, migrate, shown.Value, warn, time, cancel);
    }

    private static async Task<Outcome<ClusterFile>> BeginAsync(
        ClusterOrder order, ClusterFile cluster, bool migrate, IdentityFile? shown, Action<string> warn, TimeProvider time, CancellationToken cancel)
    {
        var home = order.Home;
        var present = ClusterFile.Read(home);
        if (!present.IsOk) return Outcome.Failed<ClusterFile>(present.Problems);
        if (present.Value is { } member) return member.Name == cluster.Name && member.Member is null && File.Exists(Founding.PathIn(home))
            // It was killed when all was done but the tidying.
            ? Founding.End(home).Then(_ => Outcome.Of(member))
            : Member(member);
        var founded = await FoundAsync(home, cluster, migrate, time, cancel);
        if (!founded.TryGet(out var founding)) return Outcome.Failed<ClusterFile>(founded.Problems);
        var certified = await CertifyAsync(order, cluster, shown, warn, time, cancel);
        if (!certified.IsOk) return Outcome.Failed<ClusterFile>(certified.Problems);
        var written = founding.Write(home);
        if (!written.IsOk) return Outcome.Failed<ClusterFile>(written.Problems);
        if (cluster.Member is null)
        {
            var options = ClusterStore.Options(home, cluster);
            var made = options.TryGet(out var how) ? await founding.FinishAsync(home, how, time, cancel) : Outcome.Failed<Done>(options.Problems);
            if (!made.IsOk) return Outcome.Failed<ClusterFile>(made.Problems);
        }

        return cluster.Write(home).Then(_ => cluster.Member is null ? Founding.End(home) : Outcome.Done).Then(_ => Outcome.Of(cluster));
    }

    /// <summary>What is to be made: the one that was begun before under this name, or a new one.</summary>
    private static async Task<Outcome<Founding>> FoundAsync(Home home, ClusterFile cluster, bool migrate, TimeProvider time, CancellationToken cancel)
    {
        var former = await FormerStore.LookAsync(home, time, cancel);
        if (!former.IsOk) return Outcome.Failed<Founding>(former.Problems);
        var place = FormerStore.IsPlaceFree(home);
        if (former.Value is not null && !place.IsOk) return Outcome.Failed<Founding>(place.Problems);
        if (former.Value is null && migrate) return NothingToMigrate(home);
        if (former.Value is { Services: > 0 } && !migrate) return HasServices(home);
        var begun = Founding.Read(home);
        if (!begun.IsOk) return Outcome.Failed<Founding>(begun.Problems);
        return begun.Value is { } same && same.Cluster == cluster.Name
            ? same with { Copies = migrate }
            : new Founding(cluster.Name, Guid.NewGuid().ToString("n"), (former.Value?.Identity.Incarnation ?? 0) + 1, migrate);
    }

    private static async Task<Outcome<Done>> CertifyAsync(ClusterOrder order, ClusterFile cluster, IdentityFile? shown, Action<string> warn, TimeProvider time, CancellationToken cancel)
    {
        var home = order.Home;
        if (cluster.Member is { } member)
        {
            if (Directory.Exists(EtcdMember.DataFolder(home)) && Directory.EnumerateFileSystemEntries(EtcdMember.DataFolder(home)).Any()) return HasData(home);
            var program = await EtcdProgram.CheckAsync(member.Executable, home, time, cancel);
            if (!program.TryGet(out var found)) return Outcome.Failed<Done>(program.Problems);
            foreach (var warning in found.Warnings) warn($"{member.Executable}: {warning}.");
        }

        var own = await OwnCertificateAsync(order, time, cancel);
        if (!own.IsOk) return own;
        var authority = new EtcdAuthority(home, time);
        if (shown is not null) return await authority.InstallAsync(new EtcdClientCertificate($"{shown.Key}\n{shown.Certificate}\n", shown.Roots), cancel);
        return cluster.Member is null ? Outcome.Done : await MemberCertificatesAsync(authority, order, cluster, cancel);
    }

    /// <summary>As <c>certs init</c> makes them, where none are.</summary>
    private static async Task<Outcome<Done>> OwnCertificateAsync(ClusterOrder order, TimeProvider time, CancellationToken cancel)
    {
        var authority = new CertificateAuthority(order.Home, time);
        if (authority.NodeCertificate().TryGet(out var there))
        {
            using (there) return PeerName.Of(there) is { Role: PeerRole.Node } peer && peer.Name == order.Node ? Outcome.Done : OtherName(order.Node, PeerName.Of(there)?.ToString() ?? there.Subject);
        }

        string[] addresses = [.. new[] { order.EtcdHost, order.Host, "localhost", "127.0.0.1", "::1" }.Distinct(StringComparer.OrdinalIgnoreCase)];
        return (await authority.InitAsync(order.Node, addresses, cancel)).Then(_ => Outcome.Done);
    }

    private static async Task<Outcome<Done>> MemberCertificatesAsync(EtcdAuthority authority, ClusterOrder order, ClusterFile cluster, CancellationToken cancel)
    {
        var begun = await authority.InitAsync(cluster.Name, cancel);
        if (!begun.IsOk) return begun;
        var member = authority.ForMember(order.Node, [order.EtcdHost], CertificateAuthority.UsualLife);
        var client = authority.ForClient(order.Node, CertificateAuthority.UsualLife);
        if (!member.IsOk || !client.IsOk) return Outcome.Failed<Done>([.. member.Problems, .. client.Problems]);
        var installed = await authority.InstallAsync(member.Value, cancel);
        return installed.IsOk ? await authority.InstallAsync(client.Value, cancel) : installed;
    }

    internal static Problem AgentRuns(Home home, Problem held) => new(ProblemKind.Conflict, "cluster.agent-runs", $"An agent runs in {home.Path}.")
    {
        Why = held.What,
        Mend = "stop it first; services run on meanwhile",
    };

    private static Problem Member(ClusterFile cluster) => new(ProblemKind.Conflict, "cluster.member-already", $"This node belongs to the cluster {cluster.Name} already, as {cluster.Node}.")
    {
        Mend = "give a node of another cluster a home of its own with --home",
    };

    private static Problem HasServices(Home home) => new(ProblemKind.Conflict, "cluster.home-has-services", $"The node in {home.Path} has services in its own store.")
    {
        Why = "the cluster's store would begin without them",
        Mend = "run `holdfast store migrate` with the same options: it takes them along",
    };

    private static Problem NothingToMigrate(Home home) => new(ProblemKind.NotFound, "cluster.nothing-to-migrate", $"There is no store in {home.Path}.")
    {
        Mend = "begin the cluster with `holdfast cluster init`",
    };

    internal static Problem HasData(Home home) => new(ProblemKind.Conflict, "cluster.etcd-data", $"{EtcdMember.DataFolder(home)} holds data of an etcd already.")
    {
        Mend = "if nobody needs it, move it away; if it is a cluster's, restore that (`holdfast cluster restore`)",
    };

    private static Problem OtherName(string wanted, string has) => new(ProblemKind.Conflict, "cluster.other-name", $"This node's certificate is of {has}, not of node/{wanted}.")
    {
        Why = "other nodes know it by the name in its certificate",
        Mend = $"name it so (--node), or move keys/pki of the home away for new certificates",
    };
}
