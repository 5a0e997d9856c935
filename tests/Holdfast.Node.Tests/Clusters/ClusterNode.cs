using System.Net;
using Holdfast.Core.Clusters;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Api;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.Tls;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;
using Microsoft.Extensions.Logging.Abstractions;
using static Holdfast.Rpc.V1.Cluster;
using AuditEntry = Holdfast.Core.Auditing.AuditEntry;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>An agent's parts behind its real doors, local and across the network, without its loops.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private readonly AgentParts parts;
    private readonly AgentWeb web;

    private ClusterNode(Home home, AgentParts parts, NodeCertificates certificates, RpcServer server, AgentWeb web)
    {
        Home = home;
        this.parts = parts;
        this.web = web;
        Certificates = certificates;
        Server = server;
    }

    public Home Home { get; }

    public RpcServer Server { get; }

    public NodeCertificates Certificates { get; }

    public ClusterJoining Joining => parts.Joining;

    /// <summary>ADDRESS:PORT.</summary>
    public string Address => web.TlsAddress;

    public IReadOnlyList<AuditEntry> Recorded => [.. AuditReader.Read(Home.Audit, new()).Where(entry => entry.Action.StartsWith("cluster.", StringComparison.Ordinal))];

    /// <summary>The home of a node that has the authority.</summary>
    public static async Task<Home> AuthorityAsync(TempFolder folder, string name, TimeProvider time)
    {
        Home home = new(folder[name]);
        Directory.CreateDirectory(home.Path);
        Law.Ok(await new CertificateAuthority(home, time).InitAsync(name, ["localhost", "127.0.0.1"], default));
        return home;
    }

    /// <param name="home">Has its certificates.</param>
    public static async Task<ClusterNode> StartAsync(Home home, string node, TimeProvider time)
    {
        AgentOptions options = new() { Home = home, Node = node, Metrics = new MetricsDoor.Closed(), Listen = new IPEndPoint(IPAddress.Loopback, 0), SupervisorExecutable = null };
        Law.Ok(HomeFolders.Ensure(home));
        var parts = Law.Ok(await AgentParts.OpenAsync(options, NullLoggerFactory.Instance, time, default));
        var certificates = Law.Ok(NodeCertificates.Open(home, time, NullLogger.Instance));
        var server = parts.Server(certificates.Refuse, NullLogger.Instance);
        var web = Law.Ok(await AgentWeb.StartAsync(Law.Ok(ApiListener.Open(home)), options, certificates, server, parts.Refusals, parts.Metrics, NullLoggerFactory.Instance, default));
        parts.Identity.Listens = web.TlsAddress;
        return new(home, parts, certificates, server, web);
    }

    /// <summary>As <c>holdfast cluster token</c> asks, on the machine itself.</summary>
    public async Task<Outcome<string>> TokenAsync(string node, int minutes = 0)
    {
        using var channel = new RpcChannel(RpcTransport.UnixSocket(Home.ApiSocket), TimeProvider.System);
        try
        {
            return (await new ClusterClient(channel).TokenAsync(new() { Node = node, Minutes = minutes }, new(TimeSpan.FromSeconds(60), default))).Token;
        }
        catch (RpcException e)
        {
            return Outcome.Failed<string>(ProblemTranslation.ToProblems(e));
        }
    }

    /// <summary>As <c>holdfast cluster join</c> asks, from a machine whose key is made here.</summary>
    public async Task<Outcome<JoinGrant>> AskAsync(string token, TimeProvider time, string? node = null, string? version = null, string? request = null)
    {
        var read = Law.Ok(JoinToken.Parse(token));
        var name = node ?? read.Node;
        return await JoinCall.AskAsync(Address, read, name, ["localhost", "127.0.0.1"], request ?? KeyRequest.Make(new(PeerRole.Node, name)).Request, version ?? Agent.Version, time, default);
    }

    /// <summary>A channel to this node by who shows the given identity.</summary>
    public RpcChannel Channel(Func<TlsIdentity> identity) => new(RpcTransport.Tls(new Uri($"https://{Address}"), identity), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await web.DisposeAsync();
        Server.Dispose();
        await parts.DisposeAsync();
    }
}
