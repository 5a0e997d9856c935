using Google.Protobuf;
using Grpc.Testing;
using Holdfast.Rpc.Server;
using static Grpc.Testing.TestService;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>The server of gRPC's interoperability cases, on ours.</summary>
internal sealed class InteropServer : TestServiceBase
{
    private const string EchoInitial = "x-grpc-test-echo-initial", EchoTrailing = "x-grpc-test-echo-trailing-bin";

    public override async Task<Empty> EmptyCall(Empty request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        return new Empty();
    }

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        await EchoMetadataAsync(context, request.ResponseCompressed?.Value);
        CheckCompressed(request.ExpectCompressed, context);
        EndAsAsked(request.ResponseStatus);
        return new SimpleResponse { Payload = Zeros(request.ResponseSize) };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        context.Compress = request.ResponseParameters.Any(one => one.Compressed?.Value == true);
        await AnswerAsync(request, responses, context);
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(IAsyncStreamReader<StreamingInputCallRequest> requests, ServerCallContext context)
    {
        var sum = 0;
        await foreach (var request in requests.ReadAllAsync())
        {
            CheckCompressed(request.ExpectCompressed, context);
            sum += request.Payload.Body.Length;
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = sum };
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requests, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        await foreach (var request in requests.ReadAllAsync())
        {
            EndAsAsked(request.ResponseStatus);
            await AnswerAsync(request, responses, context);
        }
    }

    private static async Task AnswerAsync(StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        foreach (var one in request.ResponseParameters)
        {
            if (one.IntervalUs > 0) await Task.Delay(TimeSpan.FromMicroseconds(one.IntervalUs), TimeProvider.System, context.Cancel);
            context.Compress = one.Compressed?.Value == true;
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = Zeros(one.Size) });
        }
    }

    private static async Task EchoMetadataAsync(ServerCallContext context, bool? compress = null)
    {
        context.Compress = compress == true;
        if (context.RequestHeaders.GetBytes(EchoTrailing) is { } trailing) context.ResponseTrailers.Add(EchoTrailing, trailing);
        if (context.RequestHeaders.GetText(EchoInitial) is { } initial) await context.WriteResponseHeadersAsync([new(EchoInitial, initial)]);
    }

    private static void CheckCompressed(BoolValue? expected, ServerCallContext context)
    {
        if (expected is not null && expected.Value != context.WasRequestCompressed)
            throw new RpcException(StatusCode.InvalidArgument, expected.Value ? "the request came as it is" : "the request came compressed");
    }

    private static void EndAsAsked(EchoStatus? status)
    {
        if (status is not null && status.Code != 0) throw new RpcException((StatusCode)status.Code, status.Message);
    }

    private static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };
}
