using System.Globalization;
using Google.Protobuf;
using Holdfast.Rpc.Config;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client.Retries;

/// <summary>A call under a retry policy: attempts one after another, until one has an answer that begins or the policy gives up.</summary>
internal sealed class RetriedCall<TResponse> : IAnswer<TResponse>
    where TResponse : class, IMessage<TResponse>
{
    private readonly Func<CallOptions, bool, ClientCall<TResponse>> start;
    private readonly CallOptions options;
    private readonly RetryPolicy policy;
    private readonly RetryRules rules;
    private readonly TimeProvider time;
    private readonly long began;
    private readonly CancellationTokenSource stop;
    private readonly CancellationToken stopping;
    private readonly Task<ClientCall<TResponse>> answered;
    private Metadata trailers = [];
    private bool isCounted;

    /// <param name="start">Begins an attempt; told whether it is the first.</param>
    /// <param name="options">The call's: its timeout is for all attempts together.</param>
    public RetriedCall(Func<CallOptions, bool, ClientCall<TResponse>> start, CallOptions options, RetryPolicy policy, RetryRules rules, TimeProvider time)
    {
        this.start = start;
        this.options = options;
        this.policy = policy;
        this.rules = rules;
        this.time = time;
        began = time.GetTimestamp();
        stop = CancellationTokenSource.CreateLinkedTokenSource(options.Cancel);
        // Taken once: the source is disposed of while an attempt may still end.
        stopping = stop.Token;
        answered = AnswerAsync();
    }

    public Metadata Trailers => answered.IsCompletedSuccessfully ? answered.Result.Trailers : trailers;

    private TimeSpan? Left => options.Timeout - time.GetElapsedTime(began);

    public async Task<Metadata> HeadersAsync() => await (await answered.ConfigureAwait(false)).HeadersAsync().ConfigureAwait(false);

    public async Task<TResponse?> ReadAsync(CancellationToken cancel)
    {
        ClientCall<TResponse> call;
        using (cancel.Register(stop.Cancel)) call = await answered.ConfigureAwait(false);
        var message = await call.ReadAsync(cancel).ConfigureAwait(false);
        if (message is null) Succeeded();
        return message;
    }

    /// <summary>The one message of a call that has one.</summary>
    public async Task<TResponse> ReadOnlyAsync()
    {
        var call = await answered.ConfigureAwait(false);
        var message = await call.ReadOnlyAsync().ConfigureAwait(false);
        Succeeded();
        return message;
    }

    public void Dispose()
    {
        // An attempt under way, or the wait for the next, ends here; one that has its answer may have ended already.
        stop.Cancel();
        answered.DisposeWhenDone();
        stop.Dispose();
    }

    private async Task<ClientCall<TResponse>> AnswerAsync()
    {
        for (var state = RetryState.First; ;)
        {
            var call = start(OptionsOf(state.Attempt), state.Attempt == 1);
            if (await call.FailureBeforeAnswerAsync().ConfigureAwait(false) is not { } failure) return call;
            call.Dispose();
            if (rules.Decide(policy, state, failure, Left) is not RetryDecision.Again again)
            {
                trailers = failure.Trailers;
                throw failure;
            }

            await PauseAsync(again.After).ConfigureAwait(false);
            state = again.Next;
        }
    }

    private CallOptions OptionsOf(int attempt)
    {
        var own = options with { Timeout = Left, Cancel = stopping };
        if (attempt == 1) return own;
        var headers = new Metadata();
        foreach (var entry in options.Headers ?? []) headers.Add(entry);
        headers.Add(HeaderNames.PreviousAttempts, (attempt - 1).ToString(CultureInfo.InvariantCulture));
        return own with { Headers = headers };
    }

    private async Task PauseAsync(TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, time, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new RpcException(new RpcStatus(StatusCode.Cancelled, "the call was cancelled here"), inner: e);
        }
    }

    private void Succeeded()
    {
        if (!isCounted) rules.Succeeded();
        isCounted = true;
    }
}
