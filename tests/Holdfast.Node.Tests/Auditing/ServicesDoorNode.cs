using Holdfast.Core.Supervision;
using Holdfast.Node.Api;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Tests.Operations;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Microsoft.Extensions.Logging.Abstractions;
using AuditEntry = Holdfast.Core.Auditing.AuditEntry;
using AuditOutcome = Holdfast.Core.Auditing.AuditOutcome;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Records;

namespace Holdfast.Node.Tests.Auditing;

/// <summary>An agent's operations behind its real services' door, where this process is the service <c>payments</c>.</summary>
internal sealed class ServicesDoorNode : IAsyncDisposable
{
    private readonly Refusals refusals;
    private readonly RecordsApi records;
    private readonly RpcServer server;
    private readonly AgentWeb web;
    private readonly RpcChannel channel;

    private ServicesDoorNode(TestNode node, Refusals refusals, RecordsApi records, RpcServer server, AgentWeb web)
    {
        (Node, this.refusals, this.records, this.server, this.web) = (node, refusals, records, server, web);
        channel = new(RpcTransport.UnixSocket(node.Home.ServicesSocket), TimeProvider.System);
    }

    public TestNode Node { get; }

    public RpcChannel Channel => channel;

    public RecordsClient Client => new(channel);

    public IReadOnlyList<AuditEntry> Business => [.. Node.Audit.Where(Core.Auditing.BusinessRecord.Is)];

    public IReadOnlyList<AuditEntry> Refused => [.. Audit(AuditOutcome.Refused)];

    /// <param name="audit">What the spec of <c>payments</c> says beside the least there is.</param>
    public static async Task<ServicesDoorNode> StartAsync(string audit)
    {
        var node = await TestNode.StartAsync();
        await node.Agent.SettledAsync(node.Agent.DeployAsync(await node.Shelf.PackageAsync("payments", more: audit), "one"));
        node.Supervisor.Shows = Here;
        Law.Ok(HomeFolders.Ensure(node.Home));
        var agent = node.Agent;
        var refusals = new Refusals(agent.Record, node.Clock);
        var records = new RecordsApi(agent.Audit, refusals, node.Clock);
        var callers = new ServiceCallers(agent.Catalog, agent.Wanted, agent.Contents, node.Supervisor, node.Home, refusals, node.Clock);
        var server = new RpcServer(
            new() { BeforeCall = context => callers.IdentifyAsync(context, context.HttpContext.Features.Get<ServiceConnection>()!), OnBug = (_, error) => Assert.Fail(error.ToString()) }, TimeProvider.System, records);
        AgentOptions options = new() { Home = node.Home, Node = "test", Metrics = new MetricsDoor.Closed(), SupervisorExecutable = null };
        var web = Law.Ok(await AgentWeb.StartAsync(Law.Ok(ApiListener.Open(node.Home)), options, null, server, refusals, null!, NullLoggerFactory.Instance, default));
        return new(node, refusals, records, server, web);
    }

    /// <summary>The least that is a record.</summary>
    public async Task<AppendRecordResponse> AppendAsync(string action = "booking.made", string target = "booking 7") => await Client.AppendAsync(new() { Action = action, Target = target });

    /// <summary>The problems of one that is refused, and the status.</summary>
    public async Task<(StatusCode Code, IReadOnlyList<Problem> Problems)> RefusedAsync(AppendRecordRequest? request = null)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => Client.AppendAsync(request ?? new() { Action = "booking.made", Target = "booking 7" }));
        return (failure.Status.Code, ProblemTranslation.ToProblems(failure));
    }

    /// <summary>This process is the main one of each instance.</summary>
    public static InstanceStatus Here(InstanceStatus status) =>
        status with { Containment = new() { Kind = "session", Id = "session:here" }, Pid = Environment.ProcessId, CreationTime = ProcessFacts.Read(Environment.ProcessId)!.CreationTime };

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await web.DisposeAsync();
        server.Dispose();
        records.Dispose();
        refusals.Dispose();
        await Node.DisposeAsync();
    }

    private IEnumerable<AuditEntry> Audit(AuditOutcome outcome) => Telemetry.Auditing.AuditReader.Read(Node.Home.Audit, new()).Where(entry => entry.Action == Core.Auditing.BusinessRecord.Attempt && entry.Outcome == outcome);
}
