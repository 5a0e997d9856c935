using System.Runtime.Versioning;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Clocks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>How a node that joined gets its next certificate.</summary>
[SupportedOSPlatform("linux")]
public sealed class RenewingTests : IAsyncLifetime
{
    private static readonly PeerName Second = new(PeerRole.Node, "node-2");

    private readonly TempFolder root = new();
    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());
    private ClusterNode first = null!;
    private Home home = null!;

    public async Task InitializeAsync()
    {
        first = await ClusterNode.StartAsync(await ClusterNode.AuthorityAsync(root, "node-1", clock), "node-1", clock);
        first.Joining.Document = node => new ClusterFile { Name = "prod", Node = node, Etcd = ["https://10.0.0.1:2379"], EtcdIdentity = "identity of " + clock.GetUtcNow().DayOfYear, EtcdRoots = "roots" }.ToBytes();
        home = await JoinAsync();
    }

    public async Task DisposeAsync()
    {
        await first.DisposeAsync();
        root.Dispose();
    }

    [Fact]
    public async Task A_joined_node_gets_another_one_in_time_with_a_key_of_its_own_and_what_it_shows_to_etcd()
    {
        var (before, addresses) = (Own, Addresses);
        using var audit = Law.Ok(AuditLog.Open(home.Audit, AuditRedaction.Options("node-2"), clock));
        var renewal = Renewal(audit, new("nobody", "127.0.0.1:1"), new("node-1", first.Address));
        clock.Advance(TimeSpan.FromDays(59));
        Assert.False(await renewal.LookAsync(default));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.True(await renewal.LookAsync(default));
        Assert.False(await renewal.LookAsync(default));

        Assert.NotEqual(before.SerialNumber, Own.SerialNumber);
        Assert.Equal(Second, PeerName.Of(Own));
        Assert.Equal(addresses, Addresses);
        Assert.Equal("identity of " + clock.GetUtcNow().DayOfYear, await File.ReadAllTextAsync(new EtcdPkiFiles(home).Client));
        // The key is another one, and fits.
        NodeCertificates.Shown(home).Certificate.Dispose();
        Assert.DoesNotContain("PRIVATE KEY", await File.ReadAllTextAsync(new PkiFiles(first.Home).Register), StringComparison.Ordinal);
        Assert.Equal([("holdfast agent", AuditOutcome.Intended), ("holdfast agent", AuditOutcome.Done)], Renewals(home));
        Assert.Equal([("node/node-2", AuditOutcome.Intended), ("node/node-2", AuditOutcome.Done)], Renewals(first.Home));
    }

    [Fact]
    public async Task Nobody_gives_one_to_a_node_whose_certificate_is_revoked_or_that_has_one_just_now()
    {
        var elsewhere = Elsewhere(new PeerAddress("node-1", first.Address));
        Assert.Contains("has a certificate from", Law.Refused(await elsewhere.RenewAsync(Second, default), "certs.nobody-renews").Why, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromMinutes(20));
        Law.Ok(await new CertificateAuthority(first.Home, clock).RevokeAsync("node/node-2", "stolen", default));
        // It is refused in the handshake.
        Law.Refused(await elsewhere.RenewAsync(Second, default), "certs.nobody-renews");
        Assert.Single(Law.Ok(new CertificateAuthority(first.Home, clock).Register()).Issued, one => one.Peer == Second);
    }

    [Fact]
    public async Task What_is_not_this_nodes_or_not_signed_by_who_is_believed_leaves_the_present_one()
    {
        var before = Own.SerialNumber;
        var key = KeyRequest.Make(Second);
        var other = new CertificateAuthority(await ClusterNode.AuthorityAsync(root, "other", clock), clock);
        var membership = new NodeMembership(home, clock);
        var foreign = Law.Ok(await other.IssueAsync(Second, ["localhost"], TimeSpan.FromDays(1), key.Request, default));
        Law.Refused(await membership.RenewAsync(Second, key.Key, foreign.Certificate, null, default), "cluster.grant");
        var authority = new CertificateAuthority(first.Home, clock);
        var third = Law.Ok(await authority.IssueAsync(new(PeerRole.Node, "node-3"), ["localhost"], TimeSpan.FromDays(1), key.Request, default));
        Law.Refused(await membership.RenewAsync(Second, key.Key, third.Certificate, null, default), "cluster.grant");
        var mine = Law.Ok(await authority.IssueAsync(Second, ["localhost"], TimeSpan.FromDays(1), key.Request, default));
        Law.Refused(await membership.RenewAsync(Second, KeyRequest.Make(Second).Key, mine.Certificate, null, default), "cluster.grant");
        Assert.Equal(before, Own.SerialNumber);
        Law.Ok(await membership.RenewAsync(Second, key.Key, mine.Certificate, null, default));
        Assert.NotEqual(before, Own.SerialNumber);
    }

    private System.Security.Cryptography.X509Certificates.X509Certificate2 Own => Law.Ok(new CertificateAuthority(home, clock).NodeCertificate());

    private IReadOnlyList<string> Addresses => Law.Ok(new CertificateAuthority(home, clock).NodeAddresses());

    private RenewalElsewhere Elsewhere(params PeerAddress[] peers) => new(home, () => peers, clock);

    private CertificateRenewal Renewal(AuditLog audit, params PeerAddress[] peers) => new(home, new ChangeRecord(audit), clock, NullLogger.Instance) { Elsewhere = Elsewhere(peers) };

    private static IEnumerable<(string, AuditOutcome)> Renewals(Home of) => AuditReader.Read(of.Audit, new()).Where(entry => entry.Action == "certs.renew").Select(entry => (entry.Actor, entry.Outcome));

    private async Task<Home> JoinAsync()
    {
        var key = KeyRequest.Make(Second);
        var grant = Law.Ok(await first.AskAsync(Law.Ok(await first.TokenAsync("node-2")), clock, request: key.Request));
        Home joined = new(root["node-2"]);
        Law.Ok(HomeFolders.Ensure(joined));
        Law.Ok(await new NodeMembership(joined, clock).WriteAsync(Second, key.Key, grant.Certificate, grant.Roots, grant.Cluster.Memory, default));
        return joined;
    }
}
