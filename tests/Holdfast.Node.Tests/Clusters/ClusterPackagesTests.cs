using System.Runtime.Versioning;
using System.Text.Json;
using Holdfast.Core.Auditing;
using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Clusters;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Node.Tests.Operations;
using Holdfast.Node.Tests.Packages;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing;
using Holdfast.Testing.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Operation = Holdfast.Storage.Operation;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>When a node asks others for a package, and when it does not ask again.</summary>
[SupportedOSPlatform("linux")]
public sealed class ClusterPackagesTests : IAsyncLifetime
{
    private static readonly ServiceShare Share = ServiceShare.Whole(null);

    private readonly TempFolder root = new();
    private readonly TestAuthority signers = new();
    private readonly ManualClock clock = new(TestAuthority.Now);
    private readonly CancellationTokenSource ending = new();
    private PackagePeer giver = null!, taker = null!;
    private TestNode node = null!;
    private ClusterPackages supply = null!;
    private Task running = Task.CompletedTask;
    private string digest = "";

    public async Task InitializeAsync()
    {
        CertificateAuthority authority = new(new Home(root["authority"]), TimeProvider.System);
        Law.Ok(await authority.InitAsync("authority", ["localhost"], default));
        giver = await PackagePeer.CreateAsync(authority, signers, "node-1");
        taker = await PackagePeer.CreateAsync(authority, signers, "node-2");
        await giver.ListenAsync();
        digest = Law.Ok(await giver.Store.AdmitAsync(Package(), signers.Policy(), default)).Digest;

        node = await TestNode.StartAsync();
        StoreMirror mirror = new(node.Store, TimeProvider.System);
        running = mirror.RunAsync(ending.Token);
        await mirror.ReachAsync(await ShowAsync(giver));
        supply = new(
            taker.Node, mirror, taker.Store, new ReleaseContents(taker.Store), new HostExecutables(taker.Home, taker.Store), taker.Fetching,
            new NodeReports(taker.Node, node.Store, mirror, null!, clock), clock, NullLogger<ClusterPackages>.Instance);
    }

    public async Task DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        ending.Dispose();
        await node.DisposeAsync();
        await giver.DisposeAsync();
        await taker.DisposeAsync();
        root.Dispose();
        signers.Dispose();
    }

    [Fact]
    public async Task A_package_that_was_removed_when_no_release_needed_it_is_fetched_when_one_does()
    {
        await LookUntilDoneAsync(incarnation: 1);
        Law.Ok(taker.Store.Check(digest));
        Assert.Equal([digest], Law.Ok(taker.Store.Collect(new HashSet<string>())));

        Assert.NotNull(Look(incarnation: 2));
        await LookUntilDoneAsync(incarnation: 2);
        Law.Ok(taker.Store.Check(digest));
    }

    [Fact]
    public async Task What_is_refused_here_is_not_fetched_at_each_look_but_after_a_pause()
    {
        using TestAuthority others = new("CN=Others");
        taker.Trust(others);
        await LookUntilDoneAsync(incarnation: 1);

        for (var looks = 0; looks < 20; looks++) Assert.Null(Look(incarnation: 1));
        Assert.Equal(1, Fetches());
        clock.Advance(TimeSpan.FromSeconds(2));
        await LookUntilDoneAsync(incarnation: 1);
        Assert.Equal(2, Fetches());
        // The next one comes later.
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(Look(incarnation: 1));
        Assert.Equal(2, Fetches());
    }

    [Fact]
    public async Task What_was_refused_here_is_tried_at_once_when_somebody_wants_it_anew()
    {
        using TestAuthority others = new("CN=Others");
        taker.Trust(others);
        await LookUntilDoneAsync(incarnation: 1);
        Assert.False(taker.Store.Has(digest));

        taker.Trust(signers);
        await LookUntilDoneAsync(incarnation: 2);
        Law.Ok(taker.Store.Check(digest));
    }

    private TimeSpan? Look(long incarnation) => supply.Look(
        new() { Name = "orders", Release = 1, LastRelease = 1, Run = RunState.Running, Incarnation = incarnation, Operation = "x" },
        new ReleaseRecord { Service = "orders", Number = 1, Version = "1.2.3", PackageDigest = digest, CreatedAt = TestAuthority.Now, CreatedBy = "alice", State = ReleaseState.Deploying },
        Share);

    private Task LookUntilDoneAsync(long incarnation) => Eventually.SeeAsync("the end of the fetching", () => Look(incarnation) is null);

    private int Fetches() => AuditReader.Read(taker.Home.Audit, new()).Count(entry => entry is { Action: "fetch", Outcome: AuditOutcome.Intended });

    private string Package()
    {
        using var source = SampleService.Folder();
        var file = root["orders.hfpkg"];
        SampleService.Pack(source.Path, file);
        using var identity = signers.Issue().Identity;
        Law.Ok(PackageSigner.Sign(file, identity, TestAuthority.Now));
        return file;
    }

    /// <summary>It is there, and says where it answers.</summary>
    private async Task<long> ShowAsync(PackagePeer peer)
    {
        var record = new NodeRecord(peer.Node, "1.0.0", "linux", TestAuthority.Now) { Address = peer.Address.Address };
        var presence = Document<Presence>.Of(new(peer.Node, 1, TestAuthority.Now));
        var committed = await node.Store.CommitAsync(
            new()
            {
                Then =
                [
                    .. new CatalogChange().PutNode(record).Steps,
                    new Operation.Put(StateKeys.Presence(peer.Node), new(JsonSerializer.SerializeToUtf8Bytes(presence, StateJson.Default.DocumentPresence))),
                ],
            },
            default);
        return Assert.IsType<CommitResult.Decided>(committed).Revision;
    }
}
