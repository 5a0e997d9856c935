using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Core.Shipping;
using Holdfast.Node.Api;
using Holdfast.Node.Backups;
using Holdfast.Node.Clusters;
using Holdfast.Node.Metrics;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.Planning;
using Holdfast.Node.Shipping;
using Holdfast.Node.Sources;
using Holdfast.Node.State;
using Holdfast.Node.Storing;
using Holdfast.Node.Supervisors;
using Holdfast.Node.Upgrading;
using Holdfast.Node.Witnessing;
using Holdfast.Platform;
using Holdfast.Rpc.Health;
using Holdfast.Rpc.Reflection;
using Holdfast.Rpc.Server;
using Holdfast.Segments;
using Holdfast.Storage;
using Holdfast.Telemetry.Auditing;
using Holdfast.Telemetry.Sources.Agent;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Hosting;

/// <summary>The agent's parts, put together: the one place where they all meet.</summary>
internal sealed class AgentParts : IAsyncDisposable
{
    /// <summary>A node that answers later does so for the next checkpoint.</summary>
    private static readonly TimeSpan CosignWithin = TimeSpan.FromSeconds(5);

    private readonly Home home;
    private readonly IStore store;
    private readonly PackageStore packages;
    private readonly ReleaseContents contents;
    private readonly WantedReleases wanted;
    private readonly ChangeGate gate = new();
    private readonly ChangeRecord record;
    private readonly UsageTracker usage;
    private readonly HostExecutables hostExecutables;
    private readonly LedgerReading ledger;
    private readonly SegmentKeys keys = new();
    private readonly PeerWitness peerWitness;
    private readonly RecordsApi records;

    private AgentParts(AgentOptions options, ClusterFile? file, IStore store, AuditLog audit, PackageStore packages, ILoggerFactory loggers, TimeProvider time)
    {
        home = options.Home;
        this.store = store;
        this.packages = packages;
        Time = time;
        Audit = audit;
        Identity = new(file?.Node ?? options.Node, Agent.Version, time.GetUtcNow()) { Labels = file?.Labels ?? new Dictionary<string, string>(), Address = file?.Address ?? "", EtcdMember = file?.Member?.Name ?? "" };
        var supervisors = new SupervisorGroup(home, options.SupervisorExecutable, Units(home), time);
        Supervisor = supervisors;
        WakeUp = new(time);
        Cluster = file is null ? null : new(file, home, store, supervisors, () => Identity.Record, loggers, time);
        if (Cluster is { } own) Identity.Watchdog = () => own.Watchdog;
        IShares shares = Cluster is null ? new OneNode() : Cluster.Shares;
        Catalog = new(store, time, Cluster?.Mirror);
        Watch = new(store, Catalog, time);
        wanted = new(Catalog);
        contents = new(packages);
        record = new(audit);
        Refusals = new(record, time);
        Policies = new(home, record);
        usage = new(time);
        hostExecutables = new(home, packages);
        if (Cluster is not null) Cluster.Leadership.Recorded = new EpochRecord(file!.Node, record).Write;
        Promising = Cluster is null ? null : new(file!.Name, store, Cluster.Promises, Cluster.Leadership, record);
        Placement = Cluster is null ? null : new(file!.Node, Catalog, wanted, Cluster.Mirror, record, time, loggers.CreateLogger<PlacementKeeper>());
        EtcdLeader = Cluster is null ? null : new(file!, home, Cluster.Mirror, record, time, loggers.CreateLogger<EtcdLeaderKeeper>());
        Supply = Cluster is null ? null : new(
            file!.Node, Cluster.Mirror, packages, contents, hostExecutables, new PackageFetching(home, packages, record, () => NodeCertificates.Shown(home), time), Cluster.Reports, time, loggers.CreateLogger<ClusterPackages>()) { Woken = WakeUp.Call };
        Fencing = Cluster is null ? null : new(file!.Node, Cluster.Mirror, () => Cluster.Lease.Sure, () => Cluster.Lease.Lease, store, home, record, time);
        FencingWatch = Cluster is null ? null : new(file!.Node, Cluster.Mirror, Fencing!, () => Cluster.Lease.Sure, store, time, loggers.CreateLogger<FencingWatch>());
        Handover = Cluster is null ? null : new(Cluster, record, time);
        Housekeeping = new(Catalog, wanted, new PackageCollector(Catalog, packages, time), gate, shares, store, time);
        // Before anybody reads. What is wrong with them, the output's keeper tells.
        if (SegmentKeyFile.Read(SegmentKeyFile.Of(home)).TryGet(out var known)) keys.Replace(known);
        Files = new(home, packages, keys, time, loggers.CreateLogger<FileKeeper>());
        Events = new(home, packages, Supervisor, time, loggers.CreateLogger<EventPipeKeeper>());
        var forms = new ServiceForms();
        Reconciler = new(
            Catalog, wanted, Supervisor, contents, new InstanceOrders(Supervisor, contents, new InstancePlanner(home)) { Files = Files },
            new OperationOutcomes(Catalog, record, new InstanceFolders(home) { BeforePurge = EndSources }), Housekeeping, shares, Supply is null ? new NoSupply() : Supply, WakeUp, time, loggers.CreateLogger<Reconciler>())
        {
            Files = Files,
            Events = Events,
            Forms = forms,
        };
        Shipping = new(home, Identity.Node, forms, keys, time, loggers.CreateLogger<ShippingKeeper>());
        Output = new(home, Shipping, keys, time, loggers.CreateLogger<OutputKeeper>());
        Records = new(home, audit, () => Shipping.DemandFor(EventStream.Audit), time, loggers.CreateLogger<AuditKeeper>());
        ledger = new(Shipping, () => [.. Files.Problems, .. Events.Problems, .. Output.Problems, .. Records.Problems, .. Said?.Trouble is { } unsaid ? [unsaid] : Array.Empty<Problem>()]);
        Metrics = new(Supervisor, usage, audit, Identity, ledger);
        Upgrade = new(home, Cluster is null ? null : store, Cluster is null ? _ => Task.CompletedTask : Cluster.ExtendedAsync, supervisors, record, Succession);
        Renewal = new(home, record, time, loggers.CreateLogger<CertificateRenewal>())
        {
            Elsewhere = Cluster is null ? null : new RenewalElsewhere(home, () => Cluster.Mirror.Now.PeersOf(file!.Node), time),
        };
        Revocations = Cluster is null ? null : new(home, store, Cluster.Mirror, record, time, loggers.CreateLogger<RevocationSharing>());
        Joining = new(home, Identity, record, time);
        Witness = new(Identity.Node, WitnessBook.Open(home), audit, record, time);
        peerWitness = new(home, time);
        records = new(audit, Refusals, time);
        Cosigners = new(audit, new(home), record, (peer, offer, cancel) => peerWitness.AskAsync(peer, offer, CosignWithin, cancel), () => Cluster?.Mirror.Now.PeersOf(file!.Node) ?? [], time);
        Witnesses = new(Witness, Cosigners, home.Audit);
        if (file is not null) Joining.Document = name => ClusterGrant.For(name, file, home, time);
    }

    private static ScmUnits? Units(Home home) => OperatingSystem.IsWindows() ? new ScmUnits(home, SupervisorLauncher.DefaultExecutable) : null;

    public TimeProvider Time { get; }

    /// <summary>Null: the node is by itself.</summary>
    public ClusterParts? Cluster { get; }

    /// <summary>Null: the node is by itself.</summary>
    public PlacementKeeper? Placement { get; }

    /// <summary>Null: the node is by itself.</summary>
    public EtcdLeaderKeeper? EtcdLeader { get; }

    /// <summary>Null: the node is by itself.</summary>
    public ClusterPackages? Supply { get; }

    /// <summary>Null: the node is by itself.</summary>
    public NodeFencing? Fencing { get; }

    /// <summary>Null: the node is by itself.</summary>
    public FencingWatch? FencingWatch { get; }

    /// <summary>Null: the node is by itself.</summary>
    public NodeHandover? Handover { get; }

    public AuditLog Audit { get; }

    public Refusals Refusals { get; }

    public PolicyWatch Policies { get; }

    public AgentIdentity Identity { get; }

    public ISupervisor Supervisor { get; }

    public ServiceCatalog Catalog { get; }

    public WakeUp WakeUp { get; }

    public StateWatch Watch { get; }

    public Housekeeping Housekeeping { get; }

    public Reconciler Reconciler { get; }

    public MetricsEndpoint Metrics { get; }

    public ShippingKeeper Shipping { get; }

    /// <summary>Output of all services, on the disk.</summary>
    public OutputKeeper Output { get; }

    public FileKeeper Files { get; }

    public EventPipeKeeper Events { get; }

    public AuditKeeper Records { get; }

    /// <summary>What the agent says of itself; null: it is not kept.</summary>
    public AgentLogStore? Said { get; set; }

    public Succession Succession { get; } = new();

    public NodeUpgrade Upgrade { get; }

    public CertificateRenewal Renewal { get; }

    /// <summary>Null: the node is by itself.</summary>
    public RevocationSharing? Revocations { get; }

    /// <summary>Null: the node is by itself.</summary>
    public PromiseGiving? Promising { get; }

    public ClusterJoining Joining { get; }

    /// <summary>This node as a witness of other nodes' audit logs.</summary>
    public AuditWitness Witness { get; }

    /// <summary>The other nodes as witnesses of this one's.</summary>
    public Cosigners Cosigners { get; }

    public WitnessState Witnesses { get; }

    /// <summary>Opens what is on disk; what cannot be opened is a problem, and nothing is left open.</summary>
    public static async Task<Outcome<AgentParts>> OpenAsync(AgentOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancel)
    {
        var home = options.Home;
        var member = ClusterFile.Read(home);
        if (!member.IsOk)
            return Outcome.Failed<AgentParts>(member.Problems);
        var opened = member.Value is { } file ? await ClusterOpening.OpenAsync(home, file, options.SupervisorExecutable, loggers, time, cancel) : await StoreOpening.OpenAsync(home, time);
        if (!opened.TryGet(out var store))
            return Outcome.Failed<AgentParts>(opened.Problems);

        var packages = PackageStore.Open(home, time, FileFactsReader.ReadEntry);
        var swept = packages.Then(found => found.SweepIncoming());
        var trail = AuditTrail.Read(home.Audit);
        var log = NodeAudit.Open(home, member.Value?.Node ?? options.Node, time);
        if (!swept.IsOk || !log.TryGet(out var audit))
        {
            await store.DisposeAsync();
            if (log.IsOk)
                log.Value.Dispose();
            return Outcome.Failed<AgentParts>([.. swept.Problems, .. log.Problems]);
        }

        var parts = new AgentParts(options, member.Value, store, audit, packages.Value, loggers, time);
        var resumed = await parts.record.ResumeAsync(trail, async id =>
        {
            // An epoch may go on, and is concluded by who ends it.
            if (EpochRecord.Is(id)) return true;
            var found = await parts.Catalog.FindOperationAsync(id, cancel);
            return found.IsOk ? found.Value is not null : Outcome.Failed<bool>(found.Problems);
        });
        // What was edited while no agent ran is in the record before anything is done by it. An agent that cannot write it now begins all the same, and goes on trying.
        parts.Policies.Look();
        var known = resumed.IsOk ? await parts.Catalog.CommitAsync(new CatalogChange().PutNode(parts.Identity.Record), cancel) : Outcome.Failed<bool>(resumed.Problems);
        if (known.IsOk)
            return parts;
        await parts.DisposeAsync();
        return Outcome.Failed<AgentParts>(known.Problems);
    }

    private void EndSources(string instance)
    {
        Output.End(instance);
        Files.End(instance);
        Events.End(instance);
    }

    /// <param name="refuse">Why a caller's certificate is not taken.</param>
    public RpcServer Server(Func<X509Certificate2, string?> refuse, ILogger log)
    {
        var intake = new OperationIntake(
            Catalog, new ReleaseIntake(Catalog, wanted, packages, contents, hostExecutables), record, gate, Cluster?.File.Node ?? "", Time);
        var taking = new BackupTaking(home, Identity.Node, Identity.Version, new MomentTaking(home, Catalog, packages, Audit, gate), Time);
        var view = new InstanceView(Catalog, wanted, contents, Supervisor, usage, home, Identity.Node, Cluster, Time);
        var services = new ServiceCallers(Catalog, wanted, contents, Supervisor, home, Refusals, Time);
        return new(
            new()
            {
                // Which of the two doors it came through, the connection says.
                BeforeCall = context => context.HttpContext.Features.Get<ServiceConnection>() is { } service ? services.IdentifyAsync(context, service) : Caller.IdentifyAsync(context, refuse, Refusals),
                OnBug = (method, error) => AgentLog.Bug(log, method, error),
            },
            Time,
            ReflectionServices.With(
                new ServicesApi(intake, new OperationStream(Watch, Time), Catalog, view, Supervisor, record, Time),
                new PackagesApi(home, packages, new PartialPushes(home, Time), record),
                new OutputApi(home, Catalog, Supervisor, ledger, keys, record, Time),
                new NodeApi(home, Identity, Supervisor, Upgrade, new BackupService(Identity.Node, Cluster?.File.Name, taking, record), Audit, Cosigners, Witnesses, record, Refusals, Time),
                new NodesApi(
                    Cluster, Cluster is null ? null : new(Cluster.Mirror, Catalog, record, Time), Cluster is null ? null : new(Cluster, Fencing!, Witnesses, store, home, Time), Cluster is null ? null : new(store), Fencing,
                    Handover, Promising, Witness, Refusals, home, Time),
                new ClusterApi(Joining, Refusals, Time),
                records,
                new HealthService()));
    }

    public async ValueTask DisposeAsync()
    {
        Events.Dispose();
        Records.Dispose();
        await Supervisor.DisposeAsync();
        await store.DisposeAsync();
        Cosigners.Dispose();
        peerWitness.Dispose();
        records.Dispose();
        Refusals.Dispose();
        Audit.Dispose();
        WakeUp.Dispose();
        gate.Dispose();
        Upgrade.Dispose();
        Joining.Dispose();
        Succession.Dispose();
    }
}
