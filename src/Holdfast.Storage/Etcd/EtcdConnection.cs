using Holdfast.Rpc;
using Holdfast.Rpc.Client;

namespace Holdfast.Storage.Etcd;

/// <summary>A connection to a member, and what can be called over it.</summary>
internal sealed class EtcdConnection : IDisposable
{
    /// <summary>Etcd sends away who pings more often than every 5 s.</summary>
    private static readonly Keepalive Pings = new() { Interval = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(5) };

    private readonly RpcChannel channel;
    private readonly TimeProvider time;
    private readonly long made;

    public EtcdConnection(Uri endpoint, EtcdOptions options, TimeProvider time)
    {
        this.time = time;
        made = time.GetTimestamp();
        var transport = options.Identity is { } identity ? RpcTransport.Tls(endpoint, identity) : RpcTransport.Tcp(endpoint);
        channel = new RpcChannel(transport, time, new RpcChannelOptions { MaxMessageBytes = options.MaxAnswerBytes, Keepalive = Pings });
        Kv = new(channel);
        Leases = new(channel);
        Watches = new(channel);
        Maintenance = new(channel);
        Auth = new(channel);
        Cluster = new(channel);
    }

    public Wire.KV.KVClient Kv { get; }

    public Wire.Lease.LeaseClient Leases { get; }

    public Wire.Watch.WatchClient Watches { get; }

    public Wire.Maintenance.MaintenanceClient Maintenance { get; }

    public Wire.Auth.AuthClient Auth { get; }

    public Wire.Cluster.ClusterClient Cluster { get; }

    public TimeSpan Age => time.GetElapsedTime(made);

    public void Dispose() => channel.Dispose();
}
