using Google.Protobuf;
using Grpc.Testing;
using Holdfast.Rpc.Client;
using static Grpc.Testing.TestService;
using static Grpc.Testing.UnimplementedService;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>gRPC's interoperability cases as our client goes through them: those that need no cloud. Names and figures are the specification's.</summary>
/// <remarks>Source: grpc/grpc, doc/interop-test-descriptions.md.</remarks>
internal static class InteropCases
{
    /// <summary>For one case, two hundred large calls being the longest: one that hangs is to fail by itself, one on a machine with other work to do is not.</summary>
    public static readonly TimeSpan Patience = Calls.RpcFixture.Patience * 4;

    private const int LargeRequest = 271_828, LargeResponse = 314_159;
    private const string SpecialMessage = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
    private static readonly int[] RequestSizes = [27182, 8, 1828, 45904];
    private static readonly int[] ResponseSizes = [31415, 9, 2653, 58979];

    /// <summary>The one case that makes channels of its own.</summary>
    private const string ChannelSoak = "channel_soak";

    /// <summary>By the name of the specification. Those on compression need a server that sees whether a single message came compressed.</summary>
    private static readonly IReadOnlyDictionary<string, Func<RpcChannel, Task>> OnOneChannel = new Dictionary<string, Func<RpcChannel, Task>>
    {
        ["empty_unary"] = EmptyUnaryAsync,
        ["large_unary"] = LargeUnaryAsync,
        ["client_compressed_unary"] = ClientCompressedUnaryAsync,
        ["server_compressed_unary"] = ServerCompressedUnaryAsync,
        ["client_streaming"] = ClientStreamingAsync,
        ["client_compressed_streaming"] = ClientCompressedStreamingAsync,
        ["server_streaming"] = ServerStreamingAsync,
        ["server_compressed_streaming"] = ServerCompressedStreamingAsync,
        ["ping_pong"] = PingPongAsync,
        ["empty_stream"] = EmptyStreamAsync,
        ["custom_metadata"] = CustomMetadataAsync,
        ["status_code_and_message"] = StatusCodeAndMessageAsync,
        ["special_status_message"] = SpecialStatusMessageAsync,
        ["unimplemented_method"] = UnimplementedMethodAsync,
        ["unimplemented_service"] = UnimplementedServiceAsync,
        ["cancel_after_begin"] = CancelAfterBeginAsync,
        ["cancel_after_first_response"] = CancelAfterFirstResponseAsync,
        ["timeout_on_sleeping_server"] = TimeoutOnSleepingServerAsync,
        ["concurrent_large_unary"] = ConcurrentLargeUnaryAsync,
        ["rpc_soak"] = SoakAsync,
    };

    public static IReadOnlyList<string> Names { get; } = [.. OnOneChannel.Keys, ChannelSoak];

    /// <param name="channel">To the server, and there before.</param>
    /// <param name="another">Makes one more, which the case closes.</param>
    public static Task RunAsync(string name, RpcChannel channel, Func<RpcChannel> another) =>
        (name == ChannelSoak ? ChannelSoakAsync(another) : OnOneChannel[name](channel)).WaitAsync(Patience);

    private static async Task EmptyUnaryAsync(RpcChannel channel) => Assert.Equal(new Empty(), await Client(channel).EmptyCallAsync(new Empty(), Soon()));

    private static async Task LargeUnaryAsync(RpcChannel channel) => CheckLarge(await Client(channel).UnaryCallAsync(Large(), Soon()));

    private static async Task ClientCompressedUnaryAsync(RpcChannel channel)
    {
        // The probe: a server that does not look would take the lie.
        var lie = Large();
        lie.ExpectCompressed = new BoolValue { Value = true };
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => Client(channel).UnaryCallAsync(lie, Soon()))).Status.Code);
        CheckLarge(await Client(channel).UnaryCallAsync(lie, Soon() with { Compress = true }));
        var plain = Large();
        plain.ExpectCompressed = new BoolValue { Value = false };
        CheckLarge(await Client(channel).UnaryCallAsync(plain, Soon()));
    }

    private static async Task ServerCompressedUnaryAsync(RpcChannel channel)
    {
        foreach (var compressed in new[] { true, false })
        {
            var request = Large();
            request.ResponseCompressed = new BoolValue { Value = compressed };
            CheckLarge(await Client(channel).UnaryCallAsync(request, Soon()));
        }
    }

    private static async Task ClientStreamingAsync(RpcChannel channel)
    {
        using var call = Client(channel).StreamingInputCall(Soon());
        foreach (var size in RequestSizes) await call.WriteAsync(new StreamingInputCallRequest { Payload = Zeros(size) });
        Assert.Equal(74_922, (await call.CompleteAsync()).AggregatedPayloadSize);
    }

    private static async Task ClientCompressedStreamingAsync(RpcChannel channel)
    {
        using (var probe = Client(channel).StreamingInputCall(Soon() with { Compress = true }))
        {
            probe.Compress = false;
            await probe.WriteAsync(Input(27182, compressed: true));
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => probe.CompleteAsync())).Status.Code);
        }

        using var call = Client(channel).StreamingInputCall(Soon() with { Compress = true });
        await call.WriteAsync(Input(27182, compressed: true));
        call.Compress = false;
        await call.WriteAsync(Input(45904, compressed: false));
        Assert.Equal(73_086, (await call.CompleteAsync()).AggregatedPayloadSize);
    }

    private static async Task ServerStreamingAsync(RpcChannel channel)
    {
        var request = new StreamingOutputCallRequest { ResponseParameters = { ResponseSizes.Select(size => new ResponseParameters { Size = size }) } };
        using var call = Client(channel).StreamingOutputCall(request, Soon());
        Assert.Equal(ResponseSizes, await SizesAsync(call));
    }

    private static async Task ServerCompressedStreamingAsync(RpcChannel channel)
    {
        var request = new StreamingOutputCallRequest
        {
            ResponseParameters =
            {
                new ResponseParameters { Size = 31415, Compressed = new BoolValue { Value = true } },
                new ResponseParameters { Size = 92653, Compressed = new BoolValue { Value = false } },
            },
        };
        using var call = Client(channel).StreamingOutputCall(request, Soon());
        Assert.Equal([31415, 92653], await SizesAsync(call));
    }

    private static async Task PingPongAsync(RpcChannel channel)
    {
        using var call = Client(channel).FullDuplexCall(Soon());
        foreach (var (request, response) in RequestSizes.Zip(ResponseSizes))
        {
            await call.WriteAsync(Ping(request, response));
            Assert.True(await call.MoveNext(default));
            Assert.Equal(response, call.Current!.Payload.Body.Length);
        }

        call.EndWriting();
        Assert.False(await call.MoveNext(default));
    }

    private static async Task EmptyStreamAsync(RpcChannel channel)
    {
        using var call = Client(channel).FullDuplexCall(Soon());
        call.EndWriting();
        Assert.False(await call.MoveNext(default));
    }

    private static async Task CustomMetadataAsync(RpcChannel channel)
    {
        byte[] bytes = [0xab, 0xab, 0xab];
        Metadata headers = [new("x-grpc-test-echo-initial", "test_initial_metadata_value"), new("x-grpc-test-echo-trailing-bin", bytes)];
        using var call = Client(channel).FullDuplexCall(Soon() with { Headers = headers });
        await call.WriteAsync(Ping(LargeRequest, LargeResponse));
        call.EndWriting();
        Assert.Equal("test_initial_metadata_value", (await call.HeadersAsync()).GetText("x-grpc-test-echo-initial"));
        Assert.True(await call.MoveNext(default));
        Assert.False(await call.MoveNext(default));
        Assert.Equal(bytes, call.Trailers.GetBytes("x-grpc-test-echo-trailing-bin"));

        // The same where there is one message each way.
        CheckLarge(await Client(channel).UnaryCallAsync(Large(), Soon() with { Headers = headers }));
    }

    private static async Task StatusCodeAndMessageAsync(RpcChannel channel)
    {
        var status = new EchoStatus { Code = 2, Message = "test status message" };
        var expected = new RpcStatus(StatusCode.Unknown, "test status message");
        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => Client(channel).UnaryCallAsync(new SimpleRequest { ResponseStatus = status }, Soon()))).Status);

        using var call = Client(channel).FullDuplexCall(Soon());
        await call.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status });
        call.EndWriting();
        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => call.MoveNext(default))).Status);
    }

    private static async Task SpecialStatusMessageAsync(RpcChannel channel)
    {
        var request = new SimpleRequest { ResponseStatus = new EchoStatus { Code = 2, Message = SpecialMessage } };
        Assert.Equal(new RpcStatus(StatusCode.Unknown, SpecialMessage), (await Assert.ThrowsAsync<RpcException>(() => Client(channel).UnaryCallAsync(request, Soon()))).Status);
    }

    private static async Task UnimplementedMethodAsync(RpcChannel channel) =>
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => Client(channel).UnimplementedCallAsync(new Empty(), Soon()))).Status.Code);

    private static async Task UnimplementedServiceAsync(RpcChannel channel) =>
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => new UnimplementedServiceClient(channel).UnimplementedCallAsync(new Empty(), Soon()))).Status.Code);

    private static async Task CancelAfterBeginAsync(RpcChannel channel)
    {
        using var cancel = new CancellationTokenSource();
        using var call = Client(channel).StreamingInputCall(new CallOptions(cancel.Token));
        await cancel.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.CompleteAsync())).Status.Code);
    }

    private static async Task CancelAfterFirstResponseAsync(RpcChannel channel)
    {
        using var cancel = new CancellationTokenSource();
        using var call = Client(channel).FullDuplexCall(new CallOptions(cancel.Token));
        await call.WriteAsync(Ping(27182, 31415));
        Assert.True(await call.MoveNext(default));
        await cancel.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.MoveNext(default))).Status.Code);
    }

    private static async Task TimeoutOnSleepingServerAsync(RpcChannel channel)
    {
        using var call = Client(channel).FullDuplexCall(new CallOptions { Timeout = TimeSpan.FromMilliseconds(1) });
        try
        {
            await call.WriteAsync(new StreamingOutputCallRequest { Payload = Zeros(27182), ResponseParameters = { new ResponseParameters { Size = 31415, IntervalUs = 100_000_000 } } });
        }
        catch (RpcException)
        {
            // The reader says the same.
        }

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.MoveNext(default))).Status.Code);
    }

    private static Task ConcurrentLargeUnaryAsync(RpcChannel channel) => Task.WhenAll(Enumerable.Range(0, 200).Select(_ => LargeUnaryAsync(channel)));

    private static async Task SoakAsync(RpcChannel channel)
    {
        for (var i = 0; i < 200; i++) await LargeUnaryAsync(channel);
    }

    private static async Task ChannelSoakAsync(Func<RpcChannel> another)
    {
        for (var i = 0; i < 100; i++)
        {
            using var channel = another();
            await LargeUnaryAsync(channel);
        }
    }

    private static TestServiceClient Client(RpcChannel channel) => new(channel);

    private static CallOptions Soon() => new() { Timeout = Patience };

    private static SimpleRequest Large() => new() { ResponseSize = LargeResponse, Payload = Zeros(LargeRequest) };

    private static void CheckLarge(SimpleResponse response) => Assert.Equal(Zeros(LargeResponse), response.Payload);

    private static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };

    private static StreamingInputCallRequest Input(int size, bool compressed) => new() { Payload = Zeros(size), ExpectCompressed = new BoolValue { Value = compressed } };

    private static StreamingOutputCallRequest Ping(int request, int response) =>
        new() { Payload = Zeros(request), ResponseParameters = { new ResponseParameters { Size = response } } };

    private static async Task<List<int>> SizesAsync(ServerStreamingCall<StreamingOutputCallResponse> call)
    {
        var sizes = new List<int>();
        await foreach (var response in call.ReadAllAsync()) sizes.Add(response.Payload.Body.Length);
        return sizes;
    }
}
