using Holdfast.Rpc.Wire;
using Microsoft.AspNetCore.Connections;
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

    public RpcServer(RpcServerOptions options, TimeProvider time, params IEnumerable<RpcService> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        this.options = options;
        this.time = time;
        foreach (var service in services) service.Bind(methods);
    }

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
        using var counted = calls.Enter();
        var timeout = ReadTimeout(http);
        using var call = new ServerCall(http, options, timeout is { } t ? time.GetUtcNow() + t : null, draining.Token, patienceOver.Token);
        var (status, trailers) = await RunUnderDeadlineAsync(call, timeout).ConfigureAwait(false);
        await call.EndAsync(status, trailers).ConfigureAwait(false);
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

    public void Dispose()
    {
        draining.Dispose();
        patienceOver.Dispose();
    }

    private async Task<(RpcStatus Status, Metadata Trailers)> RunUnderDeadlineAsync(ServerCall call, TimeSpan? timeout)
    {
        if (timeout is not { } wait || wait > RpcLimits.MaxTimer) return await RunAsync(call).ConfigureAwait(false);

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

    private async Task<(RpcStatus Status, Metadata Trailers)> RunAsync(ServerCall call)
    {
        try
        {
            if (methods.Find(call.Context.Method) is not { } run) throw RpcException.Unimplemented(call.Context.Method);
            if (draining.IsCancellationRequested) throw new RpcException(StatusCode.Unavailable, "the server is stopping");
            if (options.BeforeCall is { } before) await before(call.Context).ConfigureAwait(false);
            await run(call).ConfigureAwait(false);
            return (RpcStatus.Ok, call.Context.ResponseTrailers);
        }
        catch (RpcException e)
        {
            return (e.Status, Both(call.Context.ResponseTrailers, e.Trailers));
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException || (call.IsOver && e is OperationCanceledException or IOException))
        {
            return (WhyCancelled(call), call.Context.ResponseTrailers);
        }
#pragma warning disable CA1031 // A handler's bug ends its call, not the server.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (options.Translate?.Invoke(e) is { } known) return (known.Status, Both(call.Context.ResponseTrailers, known.Trailers));
            options.OnBug(call.Context.Method, e);
            return (new RpcStatus(StatusCode.Unknown, "the server failed at this call; its log says how"), call.Context.ResponseTrailers);
        }
    }

    private RpcStatus WhyCancelled(ServerCall call) =>
        call.DeadlinePassed ? new RpcStatus(StatusCode.DeadlineExceeded, "the deadline passed")
        : patienceOver.IsCancellationRequested ? new RpcStatus(StatusCode.Unavailable, "the server is stopping")
        : new RpcStatus(StatusCode.Cancelled, "the client went away");

    private static TimeSpan? ReadTimeout(HttpContext http) =>
        http.Request.Headers[HeaderNames.Timeout] is [{ } text] && TimeoutText.TryParse(text, out var timeout) ? timeout : null;

    private static Metadata Both(Metadata first, Metadata second)
    {
        if (second.Count == 0) return first;
        var both = new Metadata();
        foreach (var entry in first) both.Add(entry);
        foreach (var entry in second) both.Add(entry);
        return both;
    }
}
