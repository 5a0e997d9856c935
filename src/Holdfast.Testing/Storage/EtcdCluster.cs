using System.Net;
using System.Net.Sockets;
using Holdfast.Rpc.Tls;
using Holdfast.Storage.Etcd;
using Holdfast.Testing.Certificates;
using Xunit;

namespace Holdfast.Testing.Storage;

/// <summary>A real etcd of one member or several, on loopback, in a folder of its own.</summary>
public sealed class EtcdCluster : IDisposable
{
    /// <summary>Those that were given out: a member that is killed comes back to its own.</summary>
    private static readonly HashSet<int> Ports = [];

    private static int clusters;

    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-etcd-").FullName;
    private TlsIdentity? identity;

    private EtcdCluster(int size, TestCa? ca, string[] arguments)
    {
        var tls = ca?.Files(folder, "etcd", TestCa.ForServers);
        string[] secured = tls is not var (certificate, key, root) ? [] :
            ["--cert-file", certificate, "--key-file", key, "--trusted-ca-file", root, "--client-cert-auth", "--enable-grpc-gateway=false"];
        var ports = FreePorts(size * 2);
        var peers = string.Join(',', Enumerable.Range(0, size).Select(i => $"m{i}=http://127.0.0.1:{ports[size + i]}"));
        var token = Path.GetFileName(folder);
        Members = [.. Enumerable.Range(0, size).Select(i => new EtcdProcess(
            $"m{i}", folder, tls is null ? "http" : "https", ports[i], ports[size + i], ["--initial-cluster", peers, "--initial-cluster-token", token, "--initial-cluster-state", "new", .. secured, .. arguments]))];
    }

    public IReadOnlyList<EtcdProcess> Members { get; }

    /// <param name="arguments">Of etcd, for each member.</param>
    public static Task<EtcdCluster> StartAsync(int size, params string[] arguments) => StartAsync(size, null, arguments);

    /// <summary>With TLS for clients, who must show a certificate of the authority's: their names are users of etcd.</summary>
    public static async Task<EtcdCluster> StartAsync(int size, TestCa? ca, params string[] arguments)
    {
        var cluster = new EtcdCluster(size, ca, arguments);
        cluster.identity = ca?.Identity("root", TestCa.ForClients);
        foreach (var member in cluster.Members) member.Start();
        try
        {
            await cluster.WorksAsync();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>The member that leads.</summary>
    public async Task<EtcdProcess> LeaderAsync()
    {
        var states = await Eventually.SeeAsync("a leader that all members know", () => EtcdStore.StatusAsync(NewOptions(), TimeProvider.System, CancellationToken.None),
            s => s.Count(m => m.IsLeader) == 1 && s.Where(m => m.Problem is null).All(m => m.HasLeader));
        return Members.Single(m => m.Endpoint == states.Single(s => s.IsLeader).Endpoint);
    }

    /// <summary>Options for a cluster of Holdfast that nobody else here has.</summary>
    public EtcdOptions NewOptions() => new()
    {
        Endpoints = [.. Members.Select(m => m.Endpoint)],
        Cluster = $"test-{Interlocked.Increment(ref clusters)}",
        Identity = identity is null ? null : () => identity,
    };

    /// <summary>Waits until it takes changes.</summary>
    public async Task WorksAsync()
    {
        var options = NewOptions();
        var made = await EtcdStore.CreateAsync(options with { CallTimeout = TimeSpan.FromSeconds(60) }, TimeProvider.System, CancellationToken.None);
        Assert.True(made.IsOk, $"{string.Join("; ", made.Problems)}\n{string.Join('\n', Members.Select(m => m.Log()))}");
        await made.Value.DisposeAsync();
    }

    public void Dispose()
    {
        foreach (var member in Members) member.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// Etcd cannot be asked to choose its own. They are taken from below those that the system gives to outgoing connections, none of which can take one before etcd has it.
    /// </summary>
    public static int[] FreePorts(int count)
    {
        lock (Ports)
        {
            var found = new List<int>();
            while (found.Count < count)
            {
                var port = Random.Shared.Next(15_000, 32_000);
                if (IsFree(port) && Ports.Add(port)) found.Add(port);
            }

            return [.. found];
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>For the tests of one class: one etcd of one member, if there is etcd here.</summary>
public sealed class OneEtcd : IAsyncLifetime
{
    private EtcdCluster? cluster;

    public EtcdCluster Cluster => cluster ?? throw new InvalidOperationException("It has not been started.");

    public async Task InitializeAsync()
    {
        if (EtcdProcess.WhyNot() is null) cluster = await EtcdCluster.StartAsync(1);
    }

    public Task DisposeAsync()
    {
        cluster?.Dispose();
        return Task.CompletedTask;
    }
}
