using System.Security.Cryptography;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;
using Holdfast.Storage.Sqlite;
using Holdfast.Testing.Storage;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>A home whose trust policy pins the host's etcd and its tool.</summary>
internal sealed class ClusterHome : IDisposable
{
    private readonly TempFolder root = new();
    private readonly TestAuthority authority = new();

    public ClusterHome(bool pinned = true)
    {
        Home = new(root["home"]);
        Directory.CreateDirectory(Home.Policy);
        var pins = pinned && EtcdProcess.WhyNot() is null ? string.Join('\n', new[] { Etcd, Etcdctl }.Where(File.Exists).Select(Pin)) : "  []";
        File.WriteAllText(Home.TrustPolicy, $"apiVersion: holdfast/v1\nkind: TrustPolicy\nroots: [{{file: '{authority.RootFile}'}}]\nsigners: [{{service: '*'}}]\nhostExecutables:\n{pins}\n");
    }

    public static string Etcd => "/usr/bin/etcd";

    public static string Etcdctl => "/usr/bin/etcdctl";

    public Home Home { get; }

    public List<string> Warned { get; } = [];

    public string this[string name] => root[name];

    public ClusterOrder Order(string name, params string[] etcd) => new() { Home = Home, Name = name, Etcd = etcd, Node = "node-1", Host = "127.0.0.1", Lease = TimeSpan.FromSeconds(2) };

    /// <summary>Of a member on free ports of the loopback.</summary>
    public ClusterOrder Managed(string name)
    {
        var ports = EtcdCluster.FreePorts(2);
        return Order(name, ClusterOrder.Managed) with { EtcdPort = ports[0], EtcdPeerPort = ports[1], EtcdExecutable = Etcd };
    }

    /// <param name="time">Null: the present.</param>
    public Task<Outcome<ClusterFile>> BeginAsync(ClusterOrder order, bool migrate = false, TimeProvider? time = null) =>
        ClusterBeginning.RunAsync(order, migrate, Warned.Add, time ?? TimeProvider.System, CancellationToken.None);

    public Task<Outcome<EtcdStore>> OpenAsync() => ClusterStore.OpenAsync(Home, ClusterFile.Read(Home).Value!, TimeProvider.System, CancellationToken.None);

    /// <summary>As a node by itself has left it: documents of a service, of sizes that no single transaction takes.</summary>
    public async Task<IReadOnlyDictionary<string, string>> WithServicesAsync(int releases = 150)
    {
        var documents = new Dictionary<string, string> { [StateKeys.Service("orders")] = """{"apiVersion":"holdfast/v1"}""" };
        for (var i = 1; i <= releases; i++) documents[StateKeys.Release("orders", i)] = new string((char)('a' + (i % 26)), 20_000);
        await using var store = SqliteStore.Create(Home.Store, new() { SyncFolder = DurableFolder.Sync }, TimeProvider.System).Value;
        foreach (var (key, value) in documents) Assert.IsType<CommitResult.Decided>(await store.CommitAsync(new Transaction { Then = [new Operation.Put(key, value)] }, CancellationToken.None));
        return documents;
    }

    public void Dispose()
    {
        root.Dispose();
        authority.Dispose();
    }

    private static string Pin(string program)
    {
        using var file = File.OpenRead(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program);
        return $"  - {{path: {program}, sha256: {Convert.ToHexStringLower(SHA256.HashData(file))}}}";
    }
}
