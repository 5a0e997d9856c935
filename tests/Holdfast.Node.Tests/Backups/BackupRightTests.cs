using System.Runtime.Versioning;
using Holdfast.Core.Auditing;
using Holdfast.Node.Api;
using Holdfast.Node.Backups;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Node.Tests.Operations;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;
using static Holdfast.Node.Tests.Backups.BackedUpNode;
using static Holdfast.Rpc.V1.Node;

namespace Holdfast.Node.Tests.Backups;

[SupportedOSPlatform("linux")]
public sealed class BackupRightTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Law10_only_who_can_read_the_home_is_given_what_is_in_it(bool owner)
    {
        using var node = await CreateAsync();
        await using var store = Ok(SqliteStore.Open(node.Home.Store, new() { SyncFolder = DurableFolder.Sync }, node.Clock));
        using var audit = Ok(AuditLog.Open(node.Home.Audit, AuditRedaction.Options("node-1"), node.Clock));
        using var gate = new ChangeGate();
        var packages = Ok(PackageStore.Open(node.Home, node.Clock, FileFactsReader.ReadEntry));
        var taking = new BackupTaking(node.Home, "node-1", "1.2.3", new MomentTaking(node.Home, new ServiceCatalog(store, node.Clock), packages, audit, gate), node.Clock);
        var record = new ChangeRecord(audit);
        var api = new NodeApi(node.Home, new AgentIdentity("node-1", "1.2.3", node.Clock.GetUtcNow()), new FakeSupervisor(), null!, new BackupService("node-1", null, taking, record), audit, null, null, record, new Refusals(record, node.Clock), node.Clock);
        var options = new RpcServerOptions { OnBug = (_, error) => Assert.Fail(error.ToString()), BeforeCall = call => Task.FromResult(call.Peer = new Caller("carol", owner)) };
        await using var host = await RpcHost.ListenUnixSocketAsync(node["api.sock"], new RpcServer(options, TimeProvider.System, api), default);
        using var channel = new RpcChannel(RpcTransport.UnixSocket(node["api.sock"]), TimeProvider.System);
        using var call = new NodeClient(channel).Backup(new BackupRequest());

        var parts = new List<BackupPart>();
        var failure = await Record.ExceptionAsync(async () =>
        {
            await foreach (var part in call.ReadAllAsync()) parts.Add(part);
        });

        if (owner)
        {
            Assert.Null(failure);
            Assert.Equal(parts[^1].Summary.Bytes, parts.Sum(part => part.Chunk.Length));
        }
        else
        {
            Assert.Equal("backup.not-owner", Assert.Single(ProblemTranslation.ToProblems(Assert.IsType<RpcException>(failure))).Rule);
            Assert.Empty(parts);
        }

        var last = AuditReader.Read(node.Home.Audit, new()).Last();
        Assert.Equal(("carol", "backup", owner ? AuditOutcome.Done : AuditOutcome.Refused), (last.Actor, last.Action, last.Outcome));
    }
}
