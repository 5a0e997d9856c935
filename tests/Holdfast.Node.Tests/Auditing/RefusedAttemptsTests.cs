using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Api;
using Holdfast.Node.Tests.Clusters;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tls;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing;
using Holdfast.Testing.Clocks;
using static Holdfast.Rpc.V1.Node;
using static Holdfast.Rpc.V1.Services;
using AuditEntry = Holdfast.Core.Auditing.AuditEntry;

namespace Holdfast.Node.Tests.Auditing;

/// <summary>Who was refused is in the record, with where he is, and each change says from where it was asked for.</summary>
[SupportedOSPlatform("linux")]
public sealed class RefusedAttemptsTests : IAsyncLifetime
{
    private readonly TempFolder root = new();
    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());
    private ClusterNode node = null!;

    public async Task InitializeAsync() => node = await ClusterNode.StartAsync(await ClusterNode.AuthorityAsync(root, "node-1", clock), "node-1", clock);

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        root.Dispose();
    }

    [Fact]
    public async Task Law07_a_certificate_without_the_right_is_an_entry_with_its_digest_and_further_attempts_are_one_number()
    {
        var (identity, digest) = await IdentityAsync(PeerRole.Node, "node-7");
        using var channel = node.Channel(() => identity);
        for (var i = 0; i < 5; i++) await RefusedAsync(() => new ServicesClient(channel).ListInstancesAsync(new()), "api.no-right");

        var first = Assert.Single(Refused());
        Assert.Equal(("node/node-7", "api.call", "holdfast.v1.Services/ListInstances", "api.no-right"), (first.Actor, first.Action, first.Target, first.Details["rule"]));
        Assert.StartsWith("127.0.0.1:", first.Details[CallDetails.From], StringComparison.Ordinal);
        Assert.Equal(digest, first.Details[CallDetails.Certificate]);
        clock.Advance(RefusalBrake.Window);
        Assert.Equal("4", Refused()[1].Details[RefusalBrake.FurtherDetail]);
        Assert.Equal(2, Refused().Count);
    }

    [Fact]
    public async Task Law07_one_that_was_revoked_is_an_entry_whether_its_connection_was_open_or_not()
    {
        var (identity, digest) = await IdentityAsync(PeerRole.Operator, "alice");
        using (var channel = node.Channel(() => identity))
        {
            await new NodeClient(channel).GetNodeAsync(new());
            Law.Ok(await new CertificateAuthority(node.Home, clock).RevokeAsync("alice", "left the bank", default));
            await RefusedAsync(() => new NodeClient(channel).GetNodeAsync(new()), "api.certificate");
        }

        var open = Assert.Single(Refused());
        Assert.Equal(("operator/alice", "api.call", digest), (open.Actor, open.Action, open.Details[CallDetails.Certificate]));
        Assert.Contains("left the bank", open.Details["reason"], StringComparison.Ordinal);

        using (var channel = node.Channel(() => identity)) await Assert.ThrowsAsync<RpcException>(() => new NodeClient(channel).GetNodeAsync(new()));
        await Eventually.SeeAsync("the handshake's entry", () => Refused().Count == 2);
        var shut = Refused()[1];
        Assert.Equal(("somebody at 127.0.0.1", "api.connect", digest), (shut.Actor, shut.Action, shut.Details[CallDetails.Certificate]));
        Assert.Contains("revoked", shut.Details["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Law07_what_is_for_administrators_is_refused_to_operators_and_recorded_and_what_is_done_says_from_where()
    {
        var (identity, digest) = await IdentityAsync(PeerRole.Operator, "bob");
        using var channel = node.Channel(() => identity);
        await RefusedAsync(() => new NodeClient(channel).RecordAsync(new() { Action = "service.install", Target = "orders", Outcome = "done", Operation = "1" }), "record.no-right");
        var refused = Assert.Single(Refused());
        Assert.Equal(("operator/bob", "api.call", "holdfast.v1.Node/Record: service.install"), (refused.Actor, refused.Action, refused.Target));

        // On the machine itself the kernel says who it is.
        using var local = new RpcChannel(RpcTransport.UnixSocket(node.Home.ApiSocket), TimeProvider.System);
        await new NodeClient(local).RecordAsync(new() { Action = "service.install", Target = "orders", Outcome = "done", Operation = "1", Details = { ["file"] = "a" } });
        var done = All()[^1];
        Assert.Equal(("service.install", CallDetails.LocalSocket, $"{Environment.ProcessId}", Environment.ProcessPath, "a"), (done.Action, done.Details[CallDetails.From], done.Details[CallDetails.Pid], done.Details[CallDetails.Program], done.Details["file"]));
        Assert.DoesNotContain(CallDetails.Certificate, done.Details.Keys);
        // Nobody says it of himself.
        await RefusedAsync(() => new NodeClient(local).RecordAsync(new() { Action = "service.install", Target = "orders", Outcome = "done", Operation = "2", Details = { [CallDetails.From] = "elsewhere" } }), "record.act");

        using var held = node.Channel(() => identity);
        using (var call = new NodeClient(held).ExportAudit(new()))
        {
            await foreach (var _ in call.ReadAllAsync())
            {
                // The record is what is asked about here.
            }
        }

        Assert.All(All().Where(entry => entry.Action == AuditAction.Exported), entry => Assert.Equal(("operator/bob", digest), (entry.Actor, entry.Details[CallDetails.Certificate])));
    }

    private List<AuditEntry> Refused() => [.. All().Where(entry => entry.Outcome == AuditOutcome.Refused)];

    private IReadOnlyList<AuditEntry> All() => [.. AuditReader.Read(node.Home.Audit, new())];

    private static async Task RefusedAsync(Func<Task> call, string rule) =>
        Assert.Equal(rule, Assert.Single(ProblemTranslation.ToProblems(await Assert.ThrowsAsync<RpcException>(call))).Rule);

    private async Task<(TlsIdentity Identity, string Digest)> IdentityAsync(PeerRole role, string name)
    {
        var issued = Law.Ok(await new CertificateAuthority(node.Home, clock).IssueAsync(new(role, name), role == PeerRole.Node ? ["localhost"] : [], TimeSpan.FromDays(30), null, default));
        using var certificate = X509Certificate2.CreateFromPem(issued.Certificate);
        return (TlsIdentity.FromPem(issued.Certificate, issued.Key!, issued.Roots), Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)));
    }
}
