using Grpc.Health.V1;
using Holdfast.Rpc.Server;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Holdfast.Rpc.Health;

/// <summary>
/// Answers gRPC's health protocol (<c>grpc.health.v1</c>) from what its owner says of each service. When the server begins to stop, watchers learn NOT_SERVING
/// and their streams end. Safe for any number of threads.
/// </summary>
/// <remarks>Source: grpc/grpc, doc/health-checking.md.</remarks>
public sealed class HealthService : Grpc.Health.V1.Health.HealthBase
{
    /// <summary>The name of the server as a whole.</summary>
    public const string Whole = "";

    private readonly Lock mutex = new();
    private readonly Dictionary<string, ServingStatus> statuses = new(StringComparer.Ordinal) { [Whole] = ServingStatus.Serving };
    private TaskCompletionSource changed = NewChange();

    /// <summary>Says how a service is; watchers learn it if it is new.</summary>
    /// <param name="service">Its full name; <see cref="Whole"/>: the server.</param>
    public void Set(string service, bool serving)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (mutex) statuses[service] = serving ? ServingStatus.Serving : ServingStatus.NotServing;
        TellWatchers();
    }

    /// <summary>Forgets a service: as if it had never been heard of.</summary>
    public void Remove(string service)
    {
        lock (mutex) statuses.Remove(service);
        TellWatchers();
    }

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (status, _) = Now(request.Service);
        return status is { } known
            ? Task.FromResult(new HealthCheckResponse { Status = known })
            : throw new RpcException(StatusCode.NotFound, $"this server has no service {request.Service}");
    }

    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var response = new HealthListResponse();
        lock (mutex)
        {
            foreach (var (service, status) in statuses) response.Statuses.Add(service, new HealthCheckResponse { Status = status });
        }

        return Task.FromResult(response);
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responses, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(responses);
        ArgumentNullException.ThrowIfNull(context);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Cancel, context.Draining);
        ServingStatus? told = null;
        while (true)
        {
            var (status, change) = Now(request.Service);
            var now = context.Draining.IsCancellationRequested ? ServingStatus.NotServing : status ?? ServingStatus.ServiceUnknown;
            if (told != now) await responses.WriteAsync(new HealthCheckResponse { Status = now }).ConfigureAwait(false);
            told = now;
            if (context.Draining.IsCancellationRequested) throw new RpcException(StatusCode.Unavailable, "the server is stopping");
            try
            {
                await change.WaitAsync(ended.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!context.Cancel.IsCancellationRequested)
            {
                // The server begins to stop: said above, once more round.
            }
        }
    }

    /// <summary>The status (null: unknown), and what completes at the next change after it.</summary>
    private (ServingStatus? Status, Task Change) Now(string service)
    {
        lock (mutex) return (statuses.TryGetValue(service, out var status) ? status : null, changed.Task);
    }

    private void TellWatchers()
    {
        TaskCompletionSource old;
        lock (mutex)
        {
            old = changed;
            changed = NewChange();
        }

        old.SetResult();
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
