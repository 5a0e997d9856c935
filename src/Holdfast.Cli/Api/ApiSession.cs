using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tls;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Cluster;
using static Holdfast.Rpc.V1.Node;
using static Holdfast.Rpc.V1.Nodes;
using static Holdfast.Rpc.V1.Output;
using static Holdfast.Rpc.V1.Packages;
using static Holdfast.Rpc.V1.Records;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Api;

/// <summary>An agent: that of a home, through its local API, or one elsewhere, in mutual TLS. The connection opens with the first call.</summary>
internal sealed class ApiSession : IDisposable
{
    /// <summary>How long an answer that is one message may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RpcChannel channel;

    private ApiSession(RpcChannel channel) => this.channel = channel;

    public ServicesClient Services => new(channel);

    public PackagesClient Packages => new(channel);

    public OutputClient Output => new(channel);

    public NodeClient Node => new(channel);

    public NodesClient Nodes => new(channel);

    public ClusterClient Cluster => new(channel);

    public RecordsClient Records => new(channel);

    /// <summary>The agent that the command line names.</summary>
    public static ApiSession Open(CliContext cli) => new(new RpcChannel(
        cli.Identity is { } shown ? RpcTransport.Tls(new Uri($"https://{cli.GivenServer}"), () => TlsIdentity.FromPem(shown.Certificate, shown.Key, shown.Roots)) : Transport(cli.Home.ApiSocket), cli.Time,
        new RpcChannelOptions { Headers = cli.Why.Length == 0 ? null : new() { { CallWords.Why, Encoding.UTF8.GetBytes(cli.Why) } } }));

    public static ApiSession OpenLocal(Home home, TimeProvider time) => new(new RpcChannel(Transport(home.ApiSocket), time));

    /// <summary>The services' door, from within a service, by the address in its environment.</summary>
    public static ApiSession OpenAddress(string address, TimeProvider time) =>
        new(new RpcChannel(OperatingSystem.IsWindows() ? RpcTransport.Local(_ => ValueTask.FromResult(Trusted(LocalConnection.OpenAddress(address)))) : RpcTransport.UnixSocket(address), time));

    /// <summary>One look, for a command that has no other call to make; null: make the call in a session.</summary>
    public static TResponse? Glance<TRequest, TResponse>(CliContext cli, Method<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        OperatingSystem.IsWindows() || cli.Identity is not null ? null : ShortCall.TryAsk(cli.Home.ApiSocket, method, request, Patience);

    /// <summary>For calls with one answer.</summary>
    public static CallOptions Short(CancellationToken cancel) => new(Patience, cancel);

    public void Dispose() => channel.Dispose();

    private static RpcTransport Transport(string path) =>
        OperatingSystem.IsWindows() ? RpcTransport.Local(cancel => ValueTask.FromResult(Trusted(LocalConnection.Open(path)))) : RpcTransport.UnixSocket(path);

    /// <summary>Anybody can make a pipe of that name while there is no agent: only the system, an administrator or our own account is told anything.</summary>
    private static Stream Trusted(Outcome<LocalConnection> opened)
    {
        if (!opened.TryGet(out var connection))
            throw new SocketException((int)(opened.Problems[0].Kind == ProblemKind.Refused ? SocketError.AccessDenied : SocketError.ConnectionRefused));
        if (connection.Peer.IsAdministrator || connection.Peer.IsOurs) return connection.Stream;
        connection.Dispose();
        throw new SocketException((int)SocketError.ConnectionRefused);
    }
}
