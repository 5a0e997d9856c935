using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Config;
using Holdfast.Rpc.Server;

namespace Holdfast.Rpc.Tests.Retries;

/// <summary>A service whose calls fail so many times, and that remembers what came.</summary>
internal sealed class Flaky : RpcService
{
    private const string Service = "test.v1.Flaky";

    public static readonly Method<StringValue, StringValue> Ask = new(MethodKind.Unary, Service, "Ask", StringValue.Parser, StringValue.Parser);
    public static readonly Method<StringValue, StringValue> Tell = new(MethodKind.ServerStreaming, Service, "Tell", StringValue.Parser, StringValue.Parser);
    public static readonly Method<StringValue, StringValue> Gather = new(MethodKind.ClientStreaming, Service, "Gather", StringValue.Parser, StringValue.Parser);

    private int failures;

    /// <summary>How many calls fail before one does not.</summary>
    public int Failures
    {
        get => Volatile.Read(ref failures);
        set => Volatile.Write(ref failures, value);
    }

    public StatusCode Status { get; set; } = StatusCode.Unavailable;

    public string? Pushback { get; set; }

    /// <summary>Whether a call begins its answer before it fails.</summary>
    public bool AnswersFirst { get; set; }

    /// <summary>What each attempt said of those before it, in order.</summary>
    public ConcurrentQueue<string?> Attempts { get; } = new();

    /// <summary>A config with this policy for all methods.</summary>
    public static ServiceConfig Retried(int attempts = 5, TimeSpan? backoff = null, RetryThrottling? throttling = null) => new()
    {
        Methods =
        [
            new MethodConfig
            {
                Names = [new(Service)],
                Retry = new RetryPolicy
                {
                    MaxAttempts = attempts,
                    InitialBackoff = backoff ?? TimeSpan.FromMilliseconds(1),
                    MaxBackoff = backoff ?? TimeSpan.FromMilliseconds(1),
                    BackoffMultiplier = 1,
                    RetryableStatusCodes = [StatusCode.Unavailable],
                },
            },
        ],
        Throttling = throttling,
    };

    public override void Bind(MethodTable methods)
    {
        methods.Unary(Ask, async (request, context) =>
        {
            await MaybeFailAsync(context, null);
            return request;
        });
        methods.ServerStreaming(Tell, async (request, responses, context) =>
        {
            await MaybeFailAsync(context, () => responses.WriteAsync(request));
            await responses.WriteAsync(request);
        });
        methods.ClientStreaming(Gather, async (requests, context) =>
        {
            await MaybeFailAsync(context, null);
            var all = "";
            await foreach (var request in requests.ReadAllAsync()) all += request.Value;
            return new StringValue { Value = all };
        });
    }

    private async Task MaybeFailAsync(ServerCallContext context, Func<Task>? write)
    {
        Attempts.Enqueue(context.RequestHeaders.GetText("grpc-previous-rpc-attempts"));
        if (Interlocked.Decrement(ref failures) < 0) return;
        if (AnswersFirst) await (write?.Invoke() ?? context.WriteResponseHeadersAsync([]));
        throw new RpcException(new RpcStatus(Status, "not now"), Pushback is null ? [] : new Metadata { { "grpc-retry-pushback-ms", Pushback } });
    }
}
