using System.Net;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Api;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.Tls;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Clocks;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Node.Tests.Packages;

/// <summary>One node of a cluster, as far as packages are concerned: its store, its certificate, and its API in mutual TLS.</summary>
internal sealed class PackagePeer : IAsyncDisposable
{
    private readonly TempFolder root = new();
    private readonly AuditLog audit;
    private readonly List<RpcHost> hosts = [];

    private PackagePeer(string node, string certificate, string roots)
    {
        Node = node;
        Home = new(root["home"]);
        Directory.CreateDirectory(Home.Path);
        Identity = TlsIdentity.FromPem(certificate, certificate, roots);
        Store = Ok(PackageStore.Open(Home, new ManualClock(TestAuthority.Now), FileFactsReader.ReadEntry));
        audit = Ok(AuditLog.Open(Home.Audit, AuditRedaction.Options(node), TimeProvider.System));
        Fetching = new(Home, Store, new ChangeRecord(audit), () => Identity, TimeProvider.System);
        Api = new(Home, Store, new PartialPushes(Home, TimeProvider.System), new ChangeRecord(audit));
    }

    public string Node { get; }

    public Home Home { get; }

    public PackageStore Store { get; }

    public PackageFetching Fetching { get; }

    public PackagesApi Api { get; }

    public TlsIdentity Identity { get; }

    /// <summary>Empty where it does not listen.</summary>
    public PeerAddress Address { get; private set; } = new("", "");

    public static async Task<PackagePeer> CreateAsync(CertificateAuthority authority, TestAuthority signers, string node)
    {
        var made = Ok(await authority.IssueAsync(new(PeerRole.Node, node), ["127.0.0.1"], TimeSpan.FromDays(1), null, default));
        var peer = new PackagePeer(node, made.Key + made.Certificate, made.Roots);
        peer.Trust(signers);
        return peer;
    }

    /// <summary>From now on whom this node believes.</summary>
    public void Trust(TestAuthority signers, string rest = "signers: [{service: '*'}]")
    {
        Directory.CreateDirectory(Home.Policy);
        File.WriteAllText(Home.TrustPolicy, $"apiVersion: holdfast/v1\nkind: TrustPolicy\nroots: [{{file: '{signers.RootFile}'}}]\n{rest}\n");
    }

    /// <summary>Answers calls, with its own API or with another in its place.</summary>
    public async Task<PackagePeer> ListenAsync(PackagesBase? instead = null)
    {
        var server = new RpcServer(new() { BeforeCall = context => Caller.IdentifyAsync(context, _ => null), OnBug = (_, e) => Assert.Fail($"{e}") }, TimeProvider.System, instead ?? Api);
        var host = await RpcHost.ListenTlsAsync(new IPEndPoint(IPAddress.Loopback, 0), () => Identity, _ => { }, server, default);
        hosts.Add(host);
        Address = new(Node, new Uri(host.Addresses.Single()).Authority);
        return this;
    }

    /// <summary>Its process is gone, with all its connections.</summary>
    public async Task DieAsync()
    {
        foreach (var host in hosts) await host.DisposeAsync();
        hosts.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await DieAsync();
        audit.Dispose();
        root.Dispose();
    }

    private static T Ok<T>(Outcome<T> outcome) => outcome.TryGet(out var value) ? value : throw new Xunit.Sdk.XunitException(string.Join("; ", outcome.Problems));
}
