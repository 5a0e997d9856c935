using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Auditing;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Tests.Operations;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing;
using Holdfast.Testing.Clocks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>A revocation counts on every node.</summary>
public sealed class RevocationSharingTests
{
    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Law10_what_is_revoked_where_the_authority_is_is_not_taken_by_a_node_that_joined_and_stays_so_without_the_store()
    {
        await using var node = await TestNode.StartAsync();
        using TempFolder root = new();
        Home has = new(root["node-1"]), joined = new(root["node-2"]);
        Law.Ok(HomeFolders.Ensure(has));
        Law.Ok(HomeFolders.Ensure(joined));
        var authority = new CertificateAuthority(has, clock);
        Law.Ok(await authority.InitAsync("node-1", ["localhost"], default));
        var second = Law.Ok(await authority.IssueAsync(new(PeerRole.Node, "node-2"), ["localhost"], TimeSpan.FromDays(90), null, default));
        Law.Ok(await new NodeMembership(joined, clock).WriteAsync(new(PeerRole.Node, "node-2"), second.Key!, second.Certificate, second.Roots, default, default));
        using var alice = X509Certificate2.CreateFromPem(Law.Ok(await authority.IssueAsync(new(PeerRole.Operator, "alice"), [], TimeSpan.FromDays(30), null, default)).Certificate);
        using var bob = X509Certificate2.CreateFromPem(Law.Ok(await authority.IssueAsync(new(PeerRole.Operator, "bob"), [], TimeSpan.FromDays(30), null, default)).Certificate);
        var doors = Law.Ok(NodeCertificates.Open(joined, clock, NullLogger.Instance));

        using var ending = new CancellationTokenSource();
        // Before the image: it follows only what is a node's, and would never hear of this.
        Assert.IsType<Storage.CommitResult.Decided>(await node.Store.CommitAsync(new() { Then = [new Storage.Operation.Put("/something", "x")] }, default));
        var mirror = new StoreMirror(node.Store, TimeProvider.System);
        var looking = mirror.RunAsync(ending.Token);
        await Eventually.SeeAsync("an image", () => mirror.Now.Revision > 0);
        using var audit = Law.Ok(AuditLog.Open(joined.Audit, AuditRedaction.Options("node-2"), clock));
        using var other = Law.Ok(AuditLog.Open(has.Audit, AuditRedaction.Options("node-1"), clock));
        var tells = new RevocationSharing(has, node.Store, mirror, new ChangeRecord(other), clock, NullLogger.Instance);
        var takes = new RevocationSharing(joined, node.Store, mirror, new ChangeRecord(audit), clock, NullLogger.Instance);

        // Where nothing is revoked nothing is written.
        var before = mirror.Now.Revision;
        Law.Ok(await tells.LookAsync(default));
        Law.Ok(await takes.LookAsync(default));
        Assert.Equal(before, (await node.Store.RangeAsync(new(Storage.KeyRange.Prefix("/")), default)).Value.Revision);

        Law.Ok(await authority.RevokeAsync("alice", "left the bank", default));
        Assert.Null(doors.Refuse(alice));
        Law.Ok(await tells.LookAsync(default));
        await Eventually.SeeAsync("it in the image", () => mirror.Now.Revocations.Find("") is not null);
        var told = mirror.Now.Revocations.Find("")!.Revision;
        Law.Ok(await tells.LookAsync(default));
        Law.Ok(await takes.LookAsync(default));
        Law.Ok(await takes.LookAsync(default));
        Assert.Contains("revoked", doors.Refuse(alice), StringComparison.Ordinal);
        Assert.Contains("left the bank", doors.Refuse(alice), StringComparison.Ordinal);
        Assert.Null(doors.Refuse(bob));
        Assert.Equal(told, mirror.Now.Revocations.Find("")!.Revision);
        Assert.Equal(
            [("certs.revoke", "operator/alice", AuditOutcome.Intended), ("certs.revoke", "operator/alice", AuditOutcome.Done)],
            AuditReader.Read(joined.Audit, new()).Where(entry => entry.Action == "certs.revoke").Select(entry => (entry.Action, entry.Target, entry.Outcome)));

        // The next agent knows it by its own file.
        Assert.Contains("revoked", Law.Ok(NodeCertificates.Open(joined, clock, NullLogger.Instance)).Refuse(alice), StringComparison.Ordinal);
        await ending.CancelAsync();
        await looking;
    }
}
