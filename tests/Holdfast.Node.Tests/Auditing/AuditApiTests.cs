using System.Runtime.Versioning;
using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Node.Api;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Tests.Backups;
using Holdfast.Node.Tests.Operations;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;
using static Holdfast.Node.Tests.Backups.BackedUpNode;
using static Holdfast.Rpc.V1.Node;

namespace Holdfast.Node.Tests.Auditing;

/// <summary>What the API gives of the record, who may hold it, and what a restore makes of its tree.</summary>
[SupportedOSPlatform("linux")]
public sealed class AuditApiTests
{
    [Fact]
    public async Task Law07_an_export_holds_its_own_entry_and_is_whole_by_the_key_that_the_node_shows()
    {
        using var node = await CreateAsync();
        using var audit = Ok(NodeAudit.Open(node.Home, "node-1", node.Clock));
        await using var host = await ListenAsync(node, audit, isAdministrator: false);
        using var channel = new RpcChannel(RpcTransport.UnixSocket(node["api.sock"]), TimeProvider.System);
        var client = new NodeClient(channel);

        var key = Ok(NoteKey.FromPem((await client.GetNodeAsync(new GetNodeRequest())).AuditPublicKey));
        var verified = await client.VerifyAuditAsync(new VerifyAuditRequest());
        Assert.True(verified.Whole, string.Join("\n", verified.Findings));
        Assert.StartsWith("holdfast/node-1/audit/", verified.Origin, StringComparison.Ordinal);
        await using (var file = File.Create(node["export"]))
        {
            using var call = client.ExportAudit(new ExportAuditRequest());
            await foreach (var part in call.ReadAllAsync()) file.Write(part.Chunk.Span);
        }

        var verdict = Ok(AuditExportVerifier.Verify(node["export"], key, new(), default));
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        var taken = AuditReader.Read(node.Home.Audit, new()).Where(entry => entry.Action == AuditAction.Exported).ToList();
        Assert.Equal([("carol", AuditOutcome.Intended), ("carol", AuditOutcome.Done)], taken.Select(entry => (entry.Actor, entry.Outcome)));
        Assert.Equal((verified.Origin, taken[0].Sequence), (verdict.Checkpoint!.Origin, verdict.To));

        var proof = AuditProof.Parse((await client.ProveAuditAsync(new ProveAuditRequest { Sequence = 2 })).Proof.Memory)!;
        Assert.Equal("deploy", proof.Check(key, out _)?.Entry.Action);
        var late = new ExportAuditRequest { Since = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(node.Clock.GetUtcNow().AddDays(1)) };
        var failure = await Record.ExceptionAsync(async () =>
        {
            using var call = client.ExportAudit(late);
            await foreach (var _ in call.ReadAllAsync()) Assert.Fail("nothing is since then");
        });
        Assert.Equal("audit.no-such-entry", Assert.Single(ProblemTranslation.ToProblems(Assert.IsType<RpcException>(failure))).Rule);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Law07_only_administrators_hold_the_record_and_who_tried_is_in_it(bool isAdministrator)
    {
        using var node = await CreateAsync();
        using var audit = Ok(NodeAudit.Open(node.Home, "node-1", node.Clock));
        await using var host = await ListenAsync(node, audit, isAdministrator);
        using var channel = new RpcChannel(RpcTransport.UnixSocket(node["api.sock"]), TimeProvider.System);
        var client = new NodeClient(channel);

        var failure = await Record.ExceptionAsync(() => client.HoldAuditAsync(new HoldAuditRequest { Name = "case-7", Reason = "asked" }));
        Assert.Equal(isAdministrator, failure is null);
        var last = AuditReader.Read(node.Home.Audit, new()).Last();
        Assert.Equal(("carol", AuditAction.Held, "case-7", isAdministrator ? AuditOutcome.Done : AuditOutcome.Refused), (last.Actor, last.Action, last.Target, last.Outcome));
        var holds = (await client.ListAuditHoldsAsync(new ListAuditHoldsRequest())).Holds;
        Assert.Equal(isAdministrator ? [("case-7", "carol", "asked")] : [], holds.Select(hold => (hold.Name, hold.Actor, hold.Reason)));
        if (!isAdministrator) return;
        await client.HoldAuditAsync(new HoldAuditRequest { Name = "case-7", Reason = "closed", Release = true });
        Assert.Empty((await client.ListAuditHoldsAsync(new ListAuditHoldsRequest())).Holds);
    }

    [Fact]
    public async Task Law07_a_restored_log_is_another_one_by_its_origin_and_has_the_same_key_and_every_hash()
    {
        using var node = await CreateAsync();
        NoteKey key;
        byte[] kept;
        using (var log = Ok(NodeAudit.Open(node.Home, "node-1", node.Clock)))
        {
            node.Clock.Advance(TimeSpan.FromDays(500));
            Ok(log.Append(new() { Actor = "alice", Action = "deploy", Target = "orders", Outcome = AuditOutcome.Done, Operation = "op-1" }));
            Assert.NotEmpty(Ok(log.Retire()));
            key = log.Key!;
        }

        kept = File.ReadAllBytes(Path.Combine(node.Home.Audit, "checkpoint"));
        await node.BackupAsync();
        Ok(await node.RestoreAsync());

        var verdict = Ok(AuditVerifier.Verify(node.Other.Audit, [], key, default));
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        Assert.NotEqual(Checkpoint.Open(kept, key, out _)!.Origin, verdict.Checkpoint!.Origin);
        using var restored = Ok(NodeAudit.Open(node.Other, "node-1", node.Clock));
        Assert.Equal(verdict.Checkpoint.Origin, AuditReader.Read(node.Other.Audit, new()).Last(entry => entry.Action == AuditAction.Opened).Details["origin"]);
        Assert.Null(Ok(restored.Prove(1)).Entry);
        Assert.Equal("audit.other-log", Assert.Single(restored.Extend(kept).Problems).Rule);
    }

    [Fact]
    public async Task Law07_a_key_that_was_lost_is_not_made_anew()
    {
        using var node = await CreateAsync();
        Ok(NodeAudit.Open(node.Home, "node-1", node.Clock)).Dispose();
        var file = Path.Combine(node.Home.Keys, "audit.key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.Move(file, node["lost"]);
        Assert.Equal("audit.signing-key", Assert.Single(NodeAudit.Open(node.Home, "node-1", node.Clock).Problems).Rule);
        File.WriteAllText(file, "rubbish");
        Assert.Equal("audit.signing-key", Assert.Single(NodeAudit.Open(node.Home, "node-1", node.Clock).Problems).Rule);
        File.WriteAllText(file, AuditSigner.NewPem());
        Assert.Equal("audit.damaged", Assert.Single(NodeAudit.Open(node.Home, "node-1", node.Clock).Problems).Rule);
        File.Move(node["lost"], file, overwrite: true);
        Ok(NodeAudit.Open(node.Home, "node-1", node.Clock)).Dispose();
    }

    [Theory]
    [InlineData("apiVersion: holdfast/v1\nkind: AuditPolicy\nretention: 365d\n", null)]
    [InlineData("apiVersion: holdfast/v1\nkind: AuditPolicy\nretention: 179d\n", "policy.time")]
    [InlineData("apiVersion: holdfast/v1\nkind: AuditPolicy\nretention: long\n", "policy.time")]
    [InlineData("apiVersion: holdfast/v1\nkind: TrustPolicy\nretention: 365d\n", "policy.kind")]
    [InlineData("apiVersion: holdfast/v1\nkind: AuditPolicy\nretention: 365d\nkeep: 1\n", "policy.unknown-key")]
    [InlineData("apiVersion: holdfast/v1\nkind: AuditPolicy\n", "policy.missing-key")]
    public async Task Law08_how_long_entries_are_kept_is_policy_and_180_days_at_least(string policy, string? rule)
    {
        using var node = await CreateAsync();
        File.WriteAllText(AuditPolicyFile.Of(node.Home), policy);
        var opened = NodeAudit.Open(node.Home, "node-1", node.Clock);
        Assert.Equal(rule, opened.Problems.SingleOrDefault()?.Rule);
        if (rule is not null) return;
        using var log = opened.Value;
        node.Clock.Advance(TimeSpan.FromDays(364));
        Ok(log.Append(new() { Actor = "alice", Action = "deploy", Target = "orders", Outcome = AuditOutcome.Done, Operation = "op-1" }));
        Assert.Empty(Ok(log.Retire()));
        node.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Single(Ok(log.Retire()));
    }

    private static Task<RpcHost> ListenAsync(BackedUpNode node, AuditLog audit, bool isAdministrator)
    {
        var record = new ChangeRecord(audit);
        var api = new NodeApi(node.Home, new AgentIdentity("node-1", "1.2.3", node.Clock.GetUtcNow()), new FakeSupervisor(), null!, null!, audit, null, null, record, new Refusals(record, node.Clock), node.Clock);
        var options = new RpcServerOptions { OnBug = (_, error) => Assert.Fail(error.ToString()), BeforeCall = call => Task.FromResult(call.Peer = new Caller("carol", isAdministrator)) };
        return RpcHost.ListenUnixSocketAsync(node["api.sock"], new RpcServer(options, TimeProvider.System, api), default);
    }
}
