using Holdfast.Core.Supervision;
using Holdfast.Node.Hosting;
using Holdfast.Node.Shipping;
using Holdfast.Node.Supervisors;
using Holdfast.Telemetry.Auditing;
using Holdfast.Telemetry.Metrics;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Node.Metrics;

/// <summary>GET /metrics, and nothing else.</summary>
internal sealed class MetricsEndpoint(ISupervisor supervisor, UsageTracker usage, AuditLog audit, AgentIdentity agent, LedgerReading ledger)
{
    private IReadOnlyList<InstanceStatus> lastKnown = [];

    public async Task HandleAsync(HttpContext http)
    {
        if (http.Request.Path != "/metrics")
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = "GET, HEAD";
            return;
        }

        var page = await RenderAsync(http.Request.Headers.Accept, http.RequestAborted);
        http.Response.ContentType = page.ContentType;
        http.Response.ContentLength = page.Body.Length;
        if (HttpMethods.IsGet(http.Request.Method))
            await http.Response.Body.WriteAsync(page.Body, http.RequestAborted);
    }

    private static SortedDictionary<string, bool> Dedicated(Observation seen)
    {
        var up = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var status in seen.Instances)
        {
            if (status.Supervisor is { } service) up[service] = true;
        }

        foreach (var absence in seen.Absent)
        {
            if (absence.Service is { } service) up[service] = false;
        }

        return up;
    }

    private async Task<MetricsPage> RenderAsync(string? accept, CancellationToken cancel)
    {
        var seen = await supervisor.ObserveAsync(cancel);
        // Of who does not answer the last that is known is shown.
        bool Missing(InstanceStatus status) => seen.Absent.Any(absence => absence.Service == status.Supervisor);
        lastKnown = [.. seen.Instances.Concat(lastKnown.Where(Missing)).DistinctBy(status => status.Instance).OrderBy(status => status.Instance, StringComparer.Ordinal)];
        var used = usage.Read([.. lastKnown]);
        var snapshot = new NodeSnapshot
        {
            Instances = lastKnown,
            SupervisorUp = seen.Absent.All(absence => absence.Service is not null),
            DedicatedSupervisors = Dedicated(seen),
            Node = agent.Node,
            Version = agent.Version,
            AgentStartedAt = agent.StartedAt,
            AuditEntries = audit.Head.Sequence,
            Sinks = ledger.Measure(),
            UnsignedAuditEntries = audit.Unsigned,
        };
        return MetricsPage.Render(accept, NodeMetrics.Collect(snapshot, status => used[status.Instance].Usage));
    }
}
