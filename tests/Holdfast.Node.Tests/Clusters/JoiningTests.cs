using System.Runtime.Versioning;
using System.Text;
using Holdfast.Core.Auditing;
using Holdfast.Core.Clusters;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Api;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tls;
using Holdfast.Testing;
using Holdfast.Testing.Clocks;
using static Holdfast.Rpc.V1.Cluster;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>How machines become nodes, and how not.</summary>
[SupportedOSPlatform("linux")]
public sealed class JoiningTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder root = new();
    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());
    private ClusterNode first = null!;

    public async Task InitializeAsync() => first = await ClusterNode.StartAsync(await ClusterNode.AuthorityAsync(root, "node-1", clock), "node-1", clock);

    public async Task DisposeAsync()
    {
        await first.DisposeAsync();
        root.Dispose();
    }

    [Fact]
    public async Task A_machine_with_a_token_becomes_a_node_and_each_calls_the_other_in_mutual_TLS()
    {
        first.Joining.Document = node => Encoding.UTF8.GetBytes($"for {node}");
        var home = await JoinedAsync("node-2");

        Assert.Equal("for node-2", await File.ReadAllTextAsync(home.ClusterDocument));
        Assert.DoesNotContain("PRIVATE KEY", await File.ReadAllTextAsync(new PkiFiles(first.Home).Register), StringComparison.Ordinal);
        // No cluster is behind it here: the certificates are what is looked at.
        File.Delete(home.ClusterDocument);
        await using var second = await ClusterNode.StartAsync(home, "node-2", clock);
        Assert.Equal("package.not-here", await FetchAsync(second, first.Certificates.Now));
        Assert.Equal("package.not-here", await FetchAsync(first, second.Certificates.Now));
        Assert.Equal(
            [("cluster.token", AuditOutcome.Intended), ("cluster.token", AuditOutcome.Done), ("cluster.join", AuditOutcome.Intended), ("cluster.join", AuditOutcome.Done)],
            first.Recorded.Select(entry => (entry.Action, entry.Outcome)));
        Assert.All(first.Recorded, entry => Assert.Equal("node/node-2", entry.Target));
        Assert.Equal("somebody at 127.0.0.1", first.Recorded[^1].Actor);
    }

    [Fact]
    public async Task Law10_neither_disk_nor_record_has_the_token()
    {
        var token = Law.Ok(await first.TokenAsync("node-2"));
        var secret = Law.Ok(JoinToken.Parse(token)).Secret.ToArray();
        var written = Directory.EnumerateFiles(first.Home.Path, "*", SearchOption.AllDirectories).Where(file => Path.GetDirectoryName(file) != first.Home.Run).Select(File.ReadAllBytes);
        Assert.All(written, bytes =>
        {
            Assert.True(bytes.AsSpan().IndexOf(secret) < 0);
            var text = Encoding.UTF8.GetString(bytes);
            Assert.DoesNotContain(token[8..40], text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToHexString(secret), text, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task A_token_is_good_once_and_the_next_agent_knows_it()
    {
        var token = Law.Ok(await first.TokenAsync("node-2"));
        Law.Ok(await first.AskAsync(token, clock));
        Law.Refused(await first.AskAsync(token, clock), "cluster.token-used");

        await first.DisposeAsync();
        first = await ClusterNode.StartAsync(first.Home, "node-1", clock);
        Assert.Contains("audit list", Law.Refused(await first.AskAsync(token, clock), "cluster.token-used").Mend, StringComparison.Ordinal);
        AssertRefusedInRecord("cluster.token-used");
    }

    [Fact]
    public async Task A_token_is_good_for_ten_minutes_or_as_long_as_was_asked_over_a_restart_too()
    {
        var (usual, longer) = (Law.Ok(await first.TokenAsync("node-2")), Law.Ok(await first.TokenAsync("node-3", 20)));
        clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        await first.DisposeAsync();
        first = await ClusterNode.StartAsync(first.Home, "node-1", clock);

        Law.Refused(await first.AskAsync(usual, clock), "cluster.token-expired");
        Law.Ok(await first.AskAsync(longer, clock));
        AssertRefusedInRecord("cluster.token-expired");
        Law.Refused(await first.TokenAsync("node-4", 61), "cluster.token-life");
        Law.Refused(await first.TokenAsync("Node 4"), "cluster.node-name");
    }

    [Fact]
    public async Task A_token_is_good_for_its_own_name()
    {
        var token = Law.Ok(await first.TokenAsync("node-2"));
        Law.Refused(await first.AskAsync(token, clock, node: "node-9"), "cluster.token-other-node");
        AssertRefusedInRecord("cluster.token-other-node");
        Law.Ok(await first.AskAsync(token, clock));
    }

    [Fact]
    public async Task A_name_that_somebody_has_is_refused_until_that_certificate_is_revoked()
    {
        var (one, other) = (Law.Ok(await first.TokenAsync("node-2")), Law.Ok(await first.TokenAsync("node-2")));
        Law.Ok(await first.AskAsync(one, clock));

        Assert.Contains("holdfast certs revoke node/node-2", Law.Refused(await first.AskAsync(other, clock), "cluster.name-taken").Mend, StringComparison.Ordinal);
        Law.Refused(await first.TokenAsync("node-2"), "cluster.name-taken");
        Law.Refused(await first.TokenAsync("node-1"), "cluster.name-taken");

        Law.Ok(await new CertificateAuthority(first.Home, clock).RevokeAsync("node/node-2", "gone", default));
        Law.Ok(await first.AskAsync(other, clock));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_uses_no_token()
    {
        var token = Law.Ok(await first.TokenAsync("node-2"));

        Law.Refused(await first.AskAsync(token, clock, version: "99.0.0"), "cluster.version");
        AssertRefusedInRecord("cluster.version");
        var ahead = new ManualClock(clock.GetUtcNow().AddSeconds(45));
        Assert.Contains("45 s ahead", Law.Refused(await first.AskAsync(token, ahead), "cluster.clock").What, StringComparison.Ordinal);
        AssertRefusedInRecord("cluster.clock");
        Law.Refused(await first.AskAsync(token, clock, request: "nothing"), "certs.request");
        Law.Refused(await first.AskAsync(token, clock, version: Agent.Version + new string('.', 300)), "cluster.addresses");
        first.Joining.Document = _ => new Problem(ProblemKind.Unavailable, "test.store-away", "the store is away");
        Law.Refused(await first.AskAsync(token, clock), "test.store-away");

        first.Joining.Document = _ => Outcome.Of<byte[]>([]);
        Law.Ok(await first.AskAsync(token, clock));
    }

    [Fact]
    public async Task After_ten_wrong_tokens_in_a_minute_nobody_joins_for_a_minute_and_the_record_says_so_once()
    {
        var good = Law.Ok(await first.TokenAsync("node-2"));
        var wrong = (Law.Ok(JoinToken.Parse(good)) with { Secret = new byte[JoinToken.SecretBytes] }).Text();
        for (var tries = 0; tries < RefusedTries.Most; tries++) Law.Refused(await first.AskAsync(wrong, clock), "cluster.token-wrong");

        Law.Refused(await first.AskAsync(good, clock), "cluster.too-many-tries");
        Law.Refused(await first.AskAsync(wrong, clock), "cluster.too-many-tries");
        Assert.Equal(RefusedTries.Most, first.Recorded.Count(entry => entry.Details.GetValueOrDefault("rule") == "cluster.token-wrong"));
        Assert.Single(first.Recorded, entry => entry.Details.GetValueOrDefault("rule") == "cluster.too-many-tries");
        clock.Advance(TimeSpan.FromMinutes(1));
        Law.Ok(await first.AskAsync(good, clock));

        // A token that was good once fills the record no more than one that never was.
        for (var tries = 0; tries < RefusedTries.Most; tries++) Law.Refused(await first.AskAsync(good, clock), "cluster.token-used");
        Law.Refused(await first.AskAsync(good, clock), "cluster.too-many-tries");
    }

    [Fact]
    public async Task Only_so_many_strangers_are_listened_to_at_once_and_a_token_is_good_when_they_are_gone()
    {
        var token = Law.Ok(await first.TokenAsync("node-2"));
        using RpcChannel channel = new(RpcTransport.Tls(new Uri($"https://{first.Address}"), new UnprovenServer()), TimeProvider.System);
        var strangers = Enumerable.Range(0, ClusterApi.MostAtOnce).Select(_ => new ClusterClient(channel).Join(new(Patience, default))).ToList();
        try
        {
            foreach (var stranger in strangers) Assert.True(await stranger.MoveNext(default));
            Law.Refused(await first.AskAsync(token, clock), "cluster.too-many-at-once");
        }
        finally
        {
            strangers.ForEach(stranger => stranger.Dispose());
        }

        await Eventually.SeeAsync("a place that has become free", async () => await first.AskAsync(token, clock), asked => asked.IsOk);
    }

    [Fact]
    public async Task Where_no_authority_is_there_is_no_token_and_no_joining()
    {
        var token = Law.Ok(await first.TokenAsync("node-3"));
        await using var second = await ClusterNode.StartAsync(await JoinedAsync("node-2"), "node-2", clock);

        Assert.Contains("node-2", Law.Refused(await second.TokenAsync("node-3"), "cluster.no-authority").What, StringComparison.Ordinal);
        Law.Refused(await second.AskAsync(token, clock), "cluster.no-authority");
    }

    [Fact]
    public async Task Who_is_not_the_one_that_the_token_is_from_is_sent_nothing()
    {
        await using var other = await ClusterNode.StartAsync(await ClusterNode.AuthorityAsync(root, "other", clock), "other", clock);
        var token = Law.Ok(await first.TokenAsync("node-2"));

        Law.Refused(await other.AskAsync(token, clock), "cluster.other-cluster");
        // It says that it has our authority; what it showed in the handshake says otherwise.
        File.Copy(new PkiFiles(first.Home).AuthorityCertificate, new PkiFiles(other.Home).AuthorityCertificate, overwrite: true);
        Assert.Contains("none of the roots here has signed it", Law.Refused(await other.AskAsync(token, clock), "cluster.other-cluster").Why, StringComparison.Ordinal);

        Assert.Empty(other.Recorded);
        var nowhere = await JoinCall.AskAsync("127.0.0.1:1", Law.Ok(JoinToken.Parse(token)), "node-2", [], "", Agent.Version, clock, default);
        Law.Refused(nowhere, "cluster.not-reached");
    }

    [Fact]
    public async Task An_operator_gives_out_no_tokens_and_an_admin_does()
    {
        var authority = new CertificateAuthority(first.Home, clock);
        Assert.Equal("cluster.no-right", await TokenByAsync(authority, PeerRole.Operator));
        Assert.Equal("", await TokenByAsync(authority, PeerRole.Admin));
        Assert.Equal("api.no-right", await TokenByAsync(authority, PeerRole.Node));
    }

    [Fact]
    public async Task A_token_leads_to_where_its_node_answers()
    {
        Assert.Equal(first.Address, Law.Ok(JoinToken.Parse(Law.Ok(await first.TokenAsync("node-2")))).Address);
    }

    private async Task<Home> JoinedAsync(string node)
    {
        var token = Law.Ok(await first.TokenAsync(node));
        PeerName name = new(PeerRole.Node, node);
        var key = KeyRequest.Make(name);
        var grant = Law.Ok(await first.AskAsync(token, clock, request: key.Request));
        Home home = new(root[node]);
        Law.Ok(await new NodeMembership(home, clock).WriteAsync(name, key.Key, grant.Certificate, grant.Roots, grant.Cluster.Memory, default));
        return home;
    }

    private async Task<string> TokenByAsync(CertificateAuthority authority, PeerRole role)
    {
        var made = Law.Ok(await authority.IssueAsync(new(role, "alice"), role == PeerRole.Node ? ["localhost"] : [], TimeSpan.FromDays(1), null, default));
        using var channel = first.Channel(() => TlsIdentity.FromPem(made.Certificate, made.Key!, made.Roots));
        return await RuleAsync(() => new ClusterClient(channel).TokenAsync(new() { Node = "node-2" }, new(Patience, default)));
    }

    private static async Task<string> FetchAsync(ClusterNode from, Func<TlsIdentity> identity)
    {
        using var channel = from.Channel(identity);
        using var call = new PackagesClient(channel).Fetch(new() { PackageDigest = PackageDigest.Of("nothing"u8) }, new(Patience, default));
        return await RuleAsync(() => call.MoveNext(default));
    }

    private static async Task<string> RuleAsync(Func<Task> call)
    {
        try
        {
            await call();
            return "";
        }
        catch (RpcException e)
        {
            return ProblemTranslation.ToProblems(e)[0].Rule;
        }
    }

    private void AssertRefusedInRecord(string rule) => Assert.Contains(first.Recorded, entry => entry.Outcome == AuditOutcome.Refused && entry.Details.GetValueOrDefault("rule") == rule);
}
