using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Node.Api;

/// <summary>Tells a client how its operation goes, until it has ended. The operation does not need the client.</summary>
internal sealed class OperationStream(StateWatch watch, TimeProvider time)
{
    public async Task FollowAsync(Outcome<Operation> accepted, IServerStreamWriter<Progress> responses, ServerCallContext context)
    {
        if (!accepted.TryGet(out var operation))
            throw ProblemTranslation.ToException(accepted.Problems);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.Cancel, context.Draining);
        var told = "";
        await foreach (var step in watch.FollowAsync(operation.Id, ending.Token))
        {
            if (!step.TryGet(out var now))
                throw ProblemTranslation.ToException(step.Problems);
            if (now.Phase == OperationPhase.Failed)
                throw ProblemTranslation.ToException([Failed(now)]);
            if (now.Reason != told)
                await responses.WriteAsync(new Progress { At = Timestamp.FromDateTimeOffset(time.GetUtcNow()), Step = Step(now), Message = now.Reason }, ending.Token);
            told = now.Reason;
        }

        if (context.Draining.IsCancellationRequested)
            throw ProblemTranslation.ToException([Draining(operation)]);
    }

    private static string Step(Operation operation) => operation.Phase switch
    {
        OperationPhase.Applying => operation.Action.Word(),
        OperationPhase.RollingBack => "rolling-back",
        _ => "done",
    };

    private static Problem Failed(Operation operation) => new(ProblemKind.Failed, $"operation.{operation.Action.Word()}-failed", operation.Reason)
    {
        Mend = $"`holdfast logs {operation.Service}` and `holdfast events {operation.Service}` show what happened",
    };

    private static Problem Draining(Operation operation) => new(
        ProblemKind.Unavailable, "api.draining", $"The agent stops; the {operation.Action.Word()} of {operation.Service} goes on when it is back.");
}
