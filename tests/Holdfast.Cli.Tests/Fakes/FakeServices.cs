using System.Collections.Concurrent;
using Google.Protobuf;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Tests.Fakes;

/// <summary>Answers as it is told, and remembers what it was asked.</summary>
internal sealed class FakeServices : ServicesBase
{
    public ListInstancesResponse Instances { get; set; } = new();

    public GetHistoryResponse History { get; set; } = new();

    public List<Progress> Progress { get; } = [];

    /// <summary>Thrown after the progress, if there is one.</summary>
    public Func<Exception>? Failure { get; set; }

    /// <summary>An operation goes on until this is completed.</summary>
    public Task Until { get; set; } = Task.CompletedTask;

    public ConcurrentQueue<(string Method, IMessage Request)> Asked { get; } = [];

    /// <summary>What of <see cref="Progress"/> was sent.</summary>
    public ConcurrentQueue<Progress> Sent { get; } = [];

    public override Task<ListInstancesResponse> ListInstances(ListInstancesRequest request, ServerCallContext context)
    {
        Asked.Enqueue((nameof(ListInstances), request));
        return Failure is null ? Task.FromResult(Instances) : throw Failure();
    }

    public override Task<GetHistoryResponse> GetHistory(GetHistoryRequest request, ServerCallContext context) => Task.FromResult(History);

    public override Task Deploy(DeployRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) => Run(nameof(Deploy), request, responses, context);

    public override Task Rollback(RollbackRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) => Run(nameof(Rollback), request, responses, context);

    public override Task Start(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) => Run(nameof(Start), request, responses, context);

    public override Task Stop(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) => Run(nameof(Stop), request, responses, context);

    public override Task Restart(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) => Run(nameof(Restart), request, responses, context);

    public override Task Reload(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) => Run(nameof(Reload), request, responses, context);

    public override Task Signal(SignalRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) => Run(nameof(Signal), request, responses, context);

    public override Task Remove(RemoveRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) => Run(nameof(Remove), request, responses, context);

    private async Task Run(string method, IMessage request, IServerStreamWriter<Progress> responses, ServerCallContext context)
    {
        Asked.Enqueue((method, request));
        foreach (var progress in Progress)
        {
            await responses.WriteAsync(progress);
            Sent.Enqueue(progress);
        }

        await Until.WaitAsync(context.Cancel);
        if (Failure is not null) throw Failure();
    }
}
