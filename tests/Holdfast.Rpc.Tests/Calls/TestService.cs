using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Server;

namespace Holdfast.Rpc.Tests.Calls;

/// <summary>A service with every kind of call, and ways to go wrong.</summary>
internal sealed class TestService : RpcService
{
    private const string Service = "test.v1.Test";

    public static readonly Method<StringValue, StringValue> Echo = Unary<StringValue, StringValue>("Echo", StringValue.Parser, StringValue.Parser);
    public static readonly Method<StringValue, StringValue> Fail = Unary<StringValue, StringValue>("Fail", StringValue.Parser, StringValue.Parser);
    public static readonly Method<StringValue, StringValue> Hang = Unary<StringValue, StringValue>("Hang", StringValue.Parser, StringValue.Parser);
    public static readonly Method<Int32Value, BytesValue> Large = Unary<Int32Value, BytesValue>("Large", Int32Value.Parser, BytesValue.Parser);
    public static readonly Method<StringValue, StringValue> Missing = Unary<StringValue, StringValue>("Missing", StringValue.Parser, StringValue.Parser);
    public static readonly Method<Int32Value, Int32Value> Count = new(MethodKind.ServerStreaming, Service, "Count", Int32Value.Parser, Int32Value.Parser);
    public static readonly Method<Int32Value, BytesValue> Flood = new(MethodKind.ServerStreaming, Service, "Flood", Int32Value.Parser, BytesValue.Parser);
    public static readonly Method<Int32Value, Int32Value> Sum = new(MethodKind.ClientStreaming, Service, "Sum", Int32Value.Parser, Int32Value.Parser);
    public static readonly Method<StringValue, StringValue> Chat = new(MethodKind.Duplex, Service, "Chat", StringValue.Parser, StringValue.Parser);

    /// <summary>Completes when a handler that was waiting saw its call cancelled.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a handler that waits has begun.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets a handler that waits end well.</summary>
    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Bind(MethodTable methods)
    {
        methods.Unary(Echo, EchoAsync);
        methods.Unary(Fail, (request, _) => throw (request.Value switch
        {
            "bug" => new InvalidOperationException("the secret of the handler"),
            "translated" => new TimeoutException("slow"),
            _ => new RpcException(new RpcStatus(StatusCode.NotFound, request.Value), [new("why-bin", [1, 2, 3])]),
        }));
        methods.Unary(Hang, async (_, context) => new StringValue { Value = await WaitAsync(context) });
        methods.Unary(Large, (request, _) => Task.FromResult(new BytesValue { Value = Google.Protobuf.ByteString.CopyFrom(new byte[request.Value]) }));
        methods.ServerStreaming(Count, CountAsync);
        methods.ServerStreaming(Flood, FloodAsync);
        methods.ClientStreaming(Sum, SumAsync);
        methods.Duplex(Chat, ChatAsync);
    }

    private static async Task<StringValue> EchoAsync(StringValue request, ServerCallContext context)
    {
        if (context.RequestHeaders.GetText("x-echo-initial") is { } initial)
            await context.WriteResponseHeadersAsync([new("x-echo-initial", initial)]);
        if (context.RequestHeaders.GetBytes("x-echo-trailing-bin") is { } trailing) context.ResponseTrailers.Add("x-echo-trailing-bin", trailing);
        if (context.Peer is string peer) context.ResponseTrailers.Add("x-peer", peer);
        return request;
    }

    private static async Task CountAsync(Int32Value request, IServerStreamWriter<Int32Value> responses, ServerCallContext context)
    {
        for (var i = 1; i <= request.Value; i++) await responses.WriteAsync(new Int32Value { Value = i });
        context.ResponseTrailers.Add("x-counted", request.Value.ToString());
    }

    private async Task FloodAsync(Int32Value request, IServerStreamWriter<BytesValue> responses, ServerCallContext context)
    {
        var chunk = new BytesValue { Value = Google.Protobuf.ByteString.CopyFrom(new byte[request.Value]) };
        try
        {
            while (true)
            {
                Waiting.TrySetResult();
                await responses.WriteAsync(chunk);
            }
        }
        catch (OperationCanceledException)
        {
            Cancelled.TrySetResult();
            throw;
        }
    }

    private static async Task<Int32Value> SumAsync(IAsyncStreamReader<Int32Value> requests, ServerCallContext context)
    {
        var sum = 0;
        await foreach (var request in requests.ReadAllAsync())
        {
            if (request.Value < 0) throw new RpcException(StatusCode.InvalidArgument, "negative");
            sum += request.Value;
        }

        return new Int32Value { Value = sum };
    }

    private async Task ChatAsync(IAsyncStreamReader<StringValue> requests, IServerStreamWriter<StringValue> responses, ServerCallContext context)
    {
        await foreach (var request in requests.ReadAllAsync())
        {
            if (request.Value == "wait") await WaitAsync(context);
            await responses.WriteAsync(new StringValue { Value = "re: " + request.Value });
        }
    }

    private async Task<string> WaitAsync(ServerCallContext context)
    {
        Waiting.TrySetResult();
        try
        {
            await Release.Task.WaitAsync(context.Cancel);
            return "released";
        }
        catch (OperationCanceledException)
        {
            Cancelled.TrySetResult();
            throw;
        }
    }

    private static Method<TRequest, TResponse> Unary<TRequest, TResponse>(
        string name, Google.Protobuf.MessageParser<TRequest> request, Google.Protobuf.MessageParser<TResponse> response)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TResponse : class, Google.Protobuf.IMessage<TResponse> => new(MethodKind.Unary, Service, name, request, response);
}
