using Holdfast.Core.Auditing;
using Holdfast.Core.Operations;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Clocks;

namespace Holdfast.Node.Tests.Operations;

/// <summary>What outlives an agent: the store, the audit log's files, the packages, and a supervisor, which is a fake one. Agents come and go.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly TempFolder root = new();
    private readonly PackageShelf? own;

    private TestNode(PackageShelf? shelf, ManualClock clock)
    {
        Clock = clock;
        own = shelf is null ? new(Clock) : null;
        Shelf = shelf ?? own!;
        Home = new(root["home"]);
        foreach (var folder in new[] { Home.Path, Home.Audit, Home.Instances, Home.Output })
            Directory.CreateDirectory(folder);
        Store = SqliteStore.Create(Home.Store, new() { SyncFolder = DurableFolder.Sync }, Clock).Value;
    }

    public ManualClock Clock { get; }

    public Home Home { get; }

    public PackageShelf Shelf { get; }

    public IStore Store { get; }

    public FakeSupervisor Supervisor { get; } = new();

    /// <summary>The part in its services that the next agent of it has.</summary>
    public IShares Shares { get; set; } = new OneNode();

    /// <summary>How packages come to the next agent of it.</summary>
    public IPackageSupply Supply { get; set; } = new NoSupply();

    public TestAgent Agent { get; private set; } = null!;

    public IReadOnlyList<AuditEntry> Audit => [.. AuditReader.Read(Home.Audit, new()).Where(entry => entry.Target != "audit")];

    public static Task<TestNode> StartAsync() => StartAsync(null, new(TestAuthority.Now), 0);

    public static async Task<TestNode> StartAsync(PackageShelf? shelf, ManualClock clock, int crashAt)
    {
        var node = new TestNode(shelf, clock);
        node.Agent = await TestAgent.StartAsync(node, new(crashAt));
        return node;
    }

    /// <summary>The agent is gone, wherever it was; another one takes its place.</summary>
    public async Task RestartAgentAsync(int crashAt = 0)
    {
        Agent.Dispose();
        Agent = await TestAgent.StartAsync(this, new(crashAt));
    }

    public async Task<IReadOnlyList<ReleaseRecord>> ReleasesAsync(string service)
    {
        var releases = await Agent.Catalog.ListReleasesAsync(service, default);
        return [.. releases.Value.Select(release => release.Value)];
    }

    /// <summary>The service and its latest operation; null where there is none.</summary>
    public async Task<ServiceEntry> ServiceAsync(string service) => (await Agent.Catalog.FindAsync(service, default)).Value!;

    /// <summary>The outcomes in the audit log under an operation's id.</summary>
    public IReadOnlyList<AuditOutcome> Recorded(string id) => [.. Audit.Where(entry => entry.Operation == id).Select(entry => entry.Outcome)];

    public async ValueTask DisposeAsync()
    {
        Agent.Dispose();
        await Store.DisposeAsync();
        own?.Dispose();
        root.Dispose();
    }
}
