using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Node.Supervisors;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Node.Api;

/// <summary>What runs, and what should.</summary>
internal sealed class ServicesApi(
    OperationIntake intake, OperationStream stream, ServiceCatalog catalog, InstanceView view, ISupervisor supervisor, ChangeRecord record, TimeProvider time) : ServicesBase
{
    public override async Task<ListInstancesResponse> ListInstances(ListInstancesRequest request, ServerCallContext context)
    {
        var instances = await view.ListAsync(request.Service, request.AllNodes, context.Cancel);
        return instances.TryGet(out var response) ? response : throw ProblemTranslation.ToException(instances.Problems);
    }

    public override async Task<GetHistoryResponse> GetHistory(GetHistoryRequest request, ServerCallContext context)
    {
        await RequireAsync(request.Service, context.Cancel);
        var releases = await catalog.ListReleasesAsync(request.Service, context.Cancel);
        if (!releases.TryGet(out var all))
            throw ProblemTranslation.ToException(releases.Problems);
        return new() { Releases = { all.Reverse().Select(release => Message(release.Value)) } };
    }

    public override async Task Deploy(DeployRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context)
    {
        var order = new DeployOrder(request.PackageDigest, request.Values, request.ValuesName);
        await stream.FollowAsync(await intake.DeployAsync(order, By(request.RequestId, context), context.Cancel), responses, context);
    }

    public override async Task Rollback(RollbackRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        await stream.FollowAsync(await intake.RollbackAsync(request.Service, request.Release, By(request.RequestId, context), context.Cancel), responses, context);

    public override async Task Start(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        await stream.FollowAsync(await intake.StartAsync(request.Service, By(request.RequestId, context), context.Cancel), responses, context);

    public override async Task Stop(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        await stream.FollowAsync(await intake.StopAsync(request.Service, By(request.RequestId, context), context.Cancel), responses, context);

    public override async Task Restart(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        await stream.FollowAsync(await intake.RestartAsync(request.Service, By(request.RequestId, context), context.Cancel), responses, context);

    public override async Task Remove(RemoveRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        await stream.FollowAsync(await intake.RemoveAsync(request.Service, request.Purge, By(request.RequestId, context), context.Cancel), responses, context);

    public override Task Reload(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        TellAsync("reload", request.Service, By(request.RequestId, context), [], instance => supervisor.ReloadAsync(instance, context.Cancel), responses, context);

    public override Task Signal(SignalRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        TellAsync(
            "signal", request.Service, By(request.RequestId, context), new() { ["signal"] = request.Signal },
            instance => supervisor.SignalAsync(instance, request.Signal, context.Cancel), responses, context);

    private async Task TellAsync(
        string action, string service, OperationRequest request, Dictionary<string, string> details, Func<string, Task<Outcome<Done>>> tell,
        IServerStreamWriter<Progress> responses, ServerCallContext context)
    {
        var entry = await RequireAsync(service, context.Cancel);
        var done = await record.AroundAsync(request.Actor, action, service, request.Id, details, () => tell(entry.Service.Value.Instance));
        if (!done.IsOk)
            throw ProblemTranslation.ToException(done.Problems);
        await responses.WriteAsync(
            new Progress { At = Timestamp.FromDateTimeOffset(time.GetUtcNow()), Step = "done", Message = $"{action} of {service}: done" }, context.Cancel);
    }

    private async Task<ServiceEntry> RequireAsync(string service, CancellationToken cancel)
    {
        var found = await catalog.FindAsync(service, cancel);
        if (!found.IsOk)
            throw ProblemTranslation.ToException(found.Problems);
        return found.Value ?? throw ProblemTranslation.ToException([OperationProblems.NoService(service)]);
    }

    /// <summary>A client that names no request id cannot ask again for the same operation; it gets one all the same.</summary>
    private static OperationRequest By(string requestId, ServerCallContext context) =>
        new(requestId.Length > 0 ? requestId : Guid.NewGuid().ToString("n"), Caller.Of(context).Actor);

    private static Release Message(ReleaseRecord release) => new()
    {
        Service = release.Service,
        Number = release.Number,
        Version = release.Version,
        PackageDigest = release.PackageDigest,
        CreatedAt = Timestamp.FromDateTimeOffset(release.CreatedAt),
        CreatedBy = release.CreatedBy,
        State = release.State.Word(),
        Reason = release.Reason,
        Values = release.Values,
        RollbackOf = release.RollbackOf,
        Signers = { release.Signers },
    };
}
