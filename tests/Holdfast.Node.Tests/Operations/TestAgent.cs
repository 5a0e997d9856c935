using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.Planning;
using Holdfast.Node.State;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Node.Tests.Operations;

/// <summary>An agent's parts around its operations, put together as the agent does, without its doors and loops: the test makes the passes.</summary>
internal sealed class TestAgent : IDisposable
{
    private readonly AuditLog audit;
    private readonly CrashPoint crash;
    private readonly FakeSupervisor supervisor;
    private readonly ChangeGate gate = new();
    private readonly WakeUp wakeUp;

    private TestAgent(TestNode node, AuditLog audit, CrashPoint crash)
    {
        this.audit = audit;
        this.crash = crash;
        wakeUp = new(node.Clock);
        var store = Store = new(node.Store, crash);
        supervisor = node.Supervisor;
        var ordered = new CrashingSupervisor(supervisor, crash);
        var packages = node.Shelf.Store;
        Catalog = new(store, node.Clock);
        Watch = new(store, Catalog, node.Clock);
        Wanted = new(Catalog);
        Contents = new(packages);
        Record = new(audit);
        Intake = new(Catalog, new(Catalog, Wanted, packages, Contents, new(node.Home, packages)), Record, gate, "", node.Clock);
        var shares = node.Shares;
        Housekeeping = new(Catalog, Wanted, new(Catalog, packages, node.Clock), gate, shares, store, node.Clock);
        Reconciler = new(
            Catalog, Wanted, ordered, Contents, new(ordered, Contents, new InstancePlanner(node.Home)),
            new(Catalog, Record, new InstanceFolders(node.Home)), Housekeeping, shares, node.Supply, wakeUp, node.Clock, NullLogger<Reconciler>.Instance);
    }

    public CrashingStore Store { get; }

    public ServiceCatalog Catalog { get; }

    public StateWatch Watch { get; }

    public WantedReleases Wanted { get; }

    public ReleaseContents Contents { get; }

    public ChangeRecord Record { get; }

    public AuditLog Audit => audit;

    public OperationIntake Intake { get; }

    public Housekeeping Housekeeping { get; }

    public Reconciler Reconciler { get; }

    public static async Task<TestAgent> StartAsync(TestNode node, CrashPoint crash)
    {
        var trail = AuditTrail.Read(node.Home.Audit);
        var log = AuditLog.Open(node.Home.Audit, new() { Node = "test", Redact = text => text, SyncFolder = DurableFolder.Sync }, node.Clock).Value;
        var agent = new TestAgent(node, log, crash);
        var resumed = await agent.Record.ResumeAsync(trail, async id => (await agent.Catalog.FindOperationAsync(id, default)).Value is not null);
        Assert.True(resumed.IsOk, string.Join("; ", resumed.Problems));
        return agent;
    }

    public static OperationRequest By(string id) => new(id, "alice");

    public Task<Outcome<Operation>> DeployAsync(string digest, string id, string values = "") =>
        Intake.DeployAsync(new(digest, values, ""), By(id), default);

    /// <summary>Does it; false when the agent died over it.</summary>
    public async Task<bool> AliveAsync(Task work)
    {
        var first = await Task.WhenAny(work, crash.Died);
        if (first == work)
            await work;
        return first == work;
    }

    /// <summary>Passes until there is nothing left to do but to wait. That this takes few of them is part of what is tested.</summary>
    public async Task<TimeSpan> SettleAsync()
    {
        for (var passes = 0; passes < 40; passes++)
        {
            // What an order changed, the supervisor would tell: look again.
            var orders = supervisor.Calls.Count;
            if (await Reconciler.PassAsync(default) is var wait && wait > TimeSpan.Zero && supervisor.Calls.Count == orders)
                return wait;
        }

        throw new InvalidOperationException("The reconciler does not come to rest.");
    }

    /// <summary>Accepted, and brought as far as it goes without anything more happening.</summary>
    public async Task<Operation> SettledAsync(Task<Outcome<Operation>> asked)
    {
        var accepted = await asked;
        Assert.True(accepted.IsOk, string.Join("; ", accepted.Problems));
        await SettleAsync();
        return (await Catalog.FindOperationAsync(accepted.Value.Id, default)).Value!;
    }

    public void Dispose()
    {
        audit.Dispose();
        wakeUp.Dispose();
        gate.Dispose();
    }
}
