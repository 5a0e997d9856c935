using Holdfast.Rpc.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Rpc.Server;

/// <summary>
/// Answers gRPC calls for a set of services. It is a request delegate (<see cref="HandleAsync"/>): whoever owns
/// Kestrel decides where it listens; <see cref="RpcHost"/> is an owner that does nothing else.
/// </summary>
public sealed class RpcServer : IDisposable
{
    private readonly MethodTable methods = new();
    private readonly RpcServerOptions options;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource draining = new();
    private readonly CancellationTokenSource patienceOver = new();
    private readonly CallCount calls = new();
    private readonly OpenStreams streams = new();

    public RpcServer(RpcServerOptions options, TimeProvider time, params IEnumerable<RpcService> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        this.options = options;
        this.time = time;
        foreach (var service in services) service.Bind(methods);
    }

    /// <summary>The paths of all methods that it answers: <c>/holdfast.v1.Services/Deploy</c>.</summary>
    public IReadOnlyCollection<string> Methods => methods.Paths;

    /// <summary>Whether this request is one that <see cref="HandleAsync"/> should answer, if others share the listener.</summary>
    public bool IsMine(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return HeaderNames.IsGrpc(http.Request.ContentType) || methods.Find(http.Request.Path.Value ?? "") is not null;
    }

    /// <summary>Answers one call; returns when it is over.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!RequestCheck.Accept(http)) return;
        var timeout = ReadTimeout(http);
        var call = CallOn(http);
        calls.Enter();
        try
        {
            call.Begin(http, timeout is { } t ? time.GetUtcNow() + t : null);
            var (status, trailers) = await RunUnderDeadlineAsync(call, timeout).ConfigureAwait(false);
            await call.EndAsync(status, trailers).ConfigureAwait(false);
        }
        finally
        {
            call.Leave();
            calls.Leave();
        }
    }

    /// <summary>
    /// Refuses new calls from now on, lets the present ones end for so long, then cancels them.
    /// Call it before the listener is closed.
    /// </summary>
    public async Task DrainAsync(TimeSpan patience)
    {
        await draining.CancelAsync().ConfigureAwait(false);
        try
        {
            await calls.WhenNone.WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await patienceOver.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Looks at the streaming calls under way and ends those that may go on no longer: what <see cref="RpcServerOptions.BeforeCall"/> found out can change under them.</summary>
    /// <param name="why">What the client is told; null: it goes on.</param>
    public async Task EndStreamsAsync(Func<ServerCallContext, RpcException?> why)
    {
        ArgumentNullException.ThrowIfNull(why);
        foreach (var call in streams.Now)
        {
            if (Why(call) is { } end) await call.EndEarlyAsync(end.Status, end.Trailers, time).ConfigureAwait(false);
        }

        RpcException? Why(ServerCall call)
        {
            try
            {
                return why(call.Context);
            }
            catch (ObjectDisposedException)
            {
                // It is over by itself.
                return null;
            }
        }
    }

    public void Dispose()
    {
        draining.Dispose();
        patienceOver.Dispose();
    }

    /// <summary>
    /// Kestrel keeps the objects of a stream for the connection's next one, and ours with them: a call that comes as most do makes next to nothing that has to
    /// be collected.
    /// </summary>
    private ServerCall CallOn(HttpContext http)
    {
        var kept = http.Features.Get<IPersistentStateFeature>()?.State;
        if (kept is not null && kept.TryGetValue(this, out var before) && before is ServerCall { MayBeUsedAgain: true } again) return again;
        var call = new ServerCall(options, streams, draining.Token, patienceOver.Token);
        if (kept is not null) kept[this] = call;
        return call;
    }

    private ValueTask<(RpcStatus Status, Metadata? Trailers)> RunUnderDeadlineAsync(ServerCall call, TimeSpan? timeout) =>
        timeout is { } wait && wait <= RpcLimits.MaxTimer ? RunUntilAsync(call, wait) : RunAsync(call);

    private async ValueTask<(RpcStatus Status, Metadata? Trailers)> RunUntilAsync(ServerCall call, TimeSpan wait)
    {
        var ending = Task.CompletedTask;
        var timer = time.CreateTimer(_ => ending = call.EndByDeadlineAsync(time), null, wait, Timeout.InfiniteTimeSpan);
        try
        {
            return await RunAsync(call).ConfigureAwait(false);
        }
        finally
        {
            // Disposing waits for a callback that has begun; then what it began is waited for.
            await timer.DisposeAsync().ConfigureAwait(false);
            await ending.ConfigureAwait(false);
        }
    }

    private async ValueTask<(RpcStatus Status, Metadata? Trailers)> RunAsync(ServerCall call)
    {
        try
        {
            if (methods.Find(call.Context.Method) is not { } run) throw RpcException.Unimplemented(call.Context.Method);
            if (draining.IsCancellationRequested) throw new RpcException(StatusCode.Unavailable, "the server is stopping");
            if (options.BeforeCall is { } before) await before(call.Context).ConfigureAwait(false);
            await run(call).ConfigureAwait(false);
            return (RpcStatus.Ok, call.ResponseTrailers);
        }
        catch (RpcException e)
        {
            return (e.Status, Both(call.ResponseTrailers, e.Trailers));
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException || (call.IsOver && e is OperationCanceledException or IOException))
        {
            return (WhyCancelled(call), call.ResponseTrailers);
        }
#pragma warning disable CA1031 // A handler's bug ends its call, not the server.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (options.Translate?.Invoke(e) is { } known) return (known.Status, Both(call.ResponseTrailers, known.Trailers));
            options.OnBug(call.Context.Method, e);
            return (new RpcStatus(StatusCode.Unknown, "the server failed at this call; its log says how"), call.ResponseTrailers);
        }
    }

    private RpcStatus WhyCancelled(ServerCall call) =>
        patienceOver.IsCancellationRequested ? new RpcStatus(StatusCode.Unavailable, "the server is stopping")
        : new RpcStatus(StatusCode.Cancelled, "the client went away");

    private static TimeSpan? ReadTimeout(HttpContext http) =>
        http.Request.Headers.GrpcTimeout is [{ } text] && TimeoutText.TryParse(text, out var timeout) ? timeout : null;

    private static Metadata Both(Metadata? first, Metadata second)
    {
        if (first is null || second.Count == 0) return first ?? second;
        var both = new Metadata();
        foreach (var entry in first) both.Add(entry);
        foreach (var entry in second) both.Add(entry);
        return both;
    }
}
