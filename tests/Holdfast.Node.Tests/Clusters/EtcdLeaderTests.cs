using Holdfast.Core.Auditing;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing;
using Holdfast.Testing.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Operation = Holdfast.Storage.Operation;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>Two nodes and a witness with a real etcd as they run it: where its leader is.</summary>
public sealed class EtcdLeaderTests : IDisposable
{
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly ClusterHome first = new(), second = new(), third = new();
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromMinutes(4), Time);
    private readonly List<PlannedEtcd> running = [];

    public void Dispose()
    {
        foreach (var member in running) member.Dispose();
        foreach (var home in (ClusterHome[])[first, second, third]) home.Dispose();
        deadline.Dispose();
    }

    [EtcdFact]
    public async Task Etcds_leader_leaves_a_node_that_leads_a_service_for_the_witness()
    {
        var (one, two) = await BeginAsync();
        await using var store = await OpenAsync(first);
        await using var other = await OpenAsync(second);
        var options = ClusterStore.Options(first.Home, one).Value with { Endpoints = [.. (await MembersAsync(one)).Select(member => new Uri(member.ClientUrls[0]))] };
        await LetLeadAsync(options, one, "node-1");

        using var audit = Law.Ok(AuditLog.Open(first["audit"], AuditRedaction.Options("node-1"), Time));
        using var otherAudit = Law.Ok(AuditLog.Open(second["audit"], AuditRedaction.Options("node-2"), Time));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        List<Task> loops = [.. Run(first, one, store, audit, ending.Token), .. Run(second, two, other, otherAudit, ending.Token)];
        await PutAsync(store, StateKeys.Node("node-1"), new NodeRecord("node-1", "1", "linux-x64", Time.GetUtcNow()) { EtcdMember = "node-1" }, StateJson.Default.DocumentNodeRecord);
        await PutAsync(store, StateKeys.Node("node-2"), new NodeRecord("node-2", "1", "linux-x64", Time.GetUtcNow()) { EtcdMember = "node-2" }, StateJson.Default.DocumentNodeRecord);
        await PutAsync(store, StateKeys.Leader("orders"), new LeaderDocument("orders", "node-1", 7, 7), StateJson.Default.DocumentLeaderDocument);

        await Eventually.SeeAsync("etcd's leader on the witness", () => LeaderAsync(options, one), leader => leader == "witness");
        // What was there before is still there, and what comes now is taken.
        Assert.Single((await store.RangeAsync(new(KeyRange.Single(StateKeys.Leader("orders"))), deadline.Token)).Value.Items);
        await Eventually.SeeAsync("what became of it", () => Recorded(first).Count == 2);
        await ending.CancelAsync();
        foreach (var loop in loops) await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Intended before it was done, and by nobody else.
        var said = Recorded(first);
        Assert.Equal([AuditOutcome.Intended, AuditOutcome.Done], said.Select(entry => entry.Outcome));
        Assert.All(said, entry => Assert.Equal(("node/node-1", "witness", "etcd's leader is on node-1, where 1 service is led, and the member witness none"), (entry.Actor, entry.Target, entry.Details["reason"])));
        Assert.Empty(Recorded(second));
    }

    private static List<AuditEntry> Recorded(ClusterHome home) => [.. AuditReader.Read(home["audit"], new()).Where(entry => entry.Action == "etcd-leader")];

    /// <summary>As the manual says it: the first member, a witness, and the member of a second node.</summary>
    private async Task<(ClusterFile First, ClusterFile Second)> BeginAsync()
    {
        var begun = Law.Ok(await first.BeginAsync(first.Managed("prod")));
        Start(first, begun.Member!);
        await (await OpenAsync(first)).DisposeAsync();

        var witness = await BundleAsync("witness");
        Start(third, Law.Ok(await new Witness(third.Home, third.Warned.Add, Time).InitAsync(witness, ClusterHome.Etcd, onWindows: false, deadline.Token)));
        await VoteAsync(begun, witness.Member);

        var bundle = await BundleAsync("node-2");
        Directory.CreateDirectory(second.Home.Path);
        Assert.True((begun with { Node = "node-2", Member = null }).Write(second.Home).IsOk);
        var taken = Law.Ok(await new EtcdMembership(second.Home, Time).TakeAsync(bundle, ClusterHome.Etcd, onWindows: false, second.Warned.Add, deadline.Token));
        Start(second, taken.Member!);
        await VoteAsync(begun, taken.Member!);
        return (begun, taken);
    }

    private async Task<MemberBundle> BundleAsync(string name)
    {
        var ports = EtcdCluster.FreePorts(2);
        return Law.Ok(await new EtcdMembership(first.Home, Time).AddAsync(name, "127.0.0.1", ports[0], ports[1], deadline.Token));
    }

    private void Start(ClusterHome home, EtcdMemberFile member) => running.Add(PlannedEtcd.Start(EtcdMember.Plan(member, home.Home, new('0', 64))));

    private Task VoteAsync(ClusterFile cluster, EtcdMemberFile member) =>
        new EtcdKeeping(first.Home, first.Warned.Add, Time).VoteAsync(member, ClusterStore.Options(first.Home, cluster).Value, deadline.Token);

    private async Task<EtcdStore> OpenAsync(ClusterHome home) => Law.Ok(await ClusterStore.OpenAsync(home.Home, ClusterFile.Read(home.Home).Value!, Time, deadline.Token));

    private static Task[] Run(ClusterHome home, ClusterFile file, EtcdStore store, AuditLog audit, CancellationToken cancel)
    {
        var mirror = new StoreMirror(store, Time);
        var keeper = new EtcdLeaderKeeper(file, home.Home, mirror, new ChangeRecord(audit), Time, NullLogger<EtcdLeaderKeeper>.Instance);
        return [mirror.RunAsync(cancel), keeper.RunAsync(cancel)];
    }

    private async Task<IReadOnlyList<EtcdVoter>> MembersAsync(ClusterFile cluster) => Law.Ok(await EtcdStore.MembersAsync(ClusterStore.Options(first.Home, cluster).Value, Time, deadline.Token));

    /// <summary>The name of the member that leads etcd; empty: none.</summary>
    private async Task<string> LeaderAsync(EtcdOptions options, ClusterFile cluster)
    {
        var states = await EtcdStore.StatusAsync(options, Time, deadline.Token);
        return states.FirstOrDefault(state => state.IsLeader) is { } leader ? (await MembersAsync(cluster)).Single(member => member.Id == leader.Id).Name : "";
    }

    private async Task LetLeadAsync(EtcdOptions options, ClusterFile cluster, string name)
    {
        var id = (await MembersAsync(cluster)).Single(member => member.Name == name).Id;
        await Eventually.SeeAsync($"etcd's leader on {name}", async () =>
        {
            await EtcdStore.MoveLeaderAsync(options, id, Time, deadline.Token);
            return await LeaderAsync(options, cluster);
        }, leader => leader == name);
    }

    private async Task PutAsync<T>(EtcdStore store, string key, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<Document<T>> type) =>
        Assert.IsType<CommitResult.Decided>(await store.CommitAsync(new() { Then = [new Operation.Put(key, StateJson.Write(value, type))] }, deadline.Token));
}
