using Holdfast.Rpc.Tls;

namespace Holdfast.Storage.Etcd;

/// <summary>Which etcd, as whom, and how patiently.</summary>
public sealed record EtcdOptions
{
    /// <summary>Members of the etcd, each as <c>https://host:2379</c>. One that does not answer is passed over for the next.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>
    /// The cluster of Holdfast: all its keys begin with <c>NAME:</c>, what the store itself remembers with <c>NAME.store:</c>. Several clusters can share an etcd.
    /// </summary>
    public required string Cluster { get; init; }

    /// <summary>For <c>https</c>: asked for at each handshake. With <c>--client-cert-auth</c> the certificate's common name is the user of etcd.</summary>
    public Func<TlsIdentity>? Identity { get; init; }

    /// <summary>Null: no user, or the one of the certificate.</summary>
    public EtcdLogin? Login { get; init; }

    /// <summary>How long one member may take to answer; then the next one is asked.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a call goes on trying. Longer than a change of etcd's leader (about 1 s on a local network).</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so long without an answer, a lease is renewed at the next member as well.</summary>
    public TimeSpan LeaseStagger { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>A watch that is silent for so long is asked for a sign of life; silent for twice as long, it is made again at another member.</summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The largest answer that is taken, in bytes. A page of a reading has at most 1,000 keys.</summary>
    public int MaxAnswerBytes { get; init; } = 256 * 1024 * 1024;
}

/// <summary>A user of etcd's own (<c>etcdctl user add</c>).</summary>
public sealed record EtcdLogin(string User, string Password)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => User;
}
