namespace Holdfast.Rpc.Client.Retries;

/// <summary>
/// Where calls wait for a server that cannot be reached. All calls of a channel wait together: one goes ahead when the back-off is over, and the others follow
/// when it has a connection, or anybody else has.
/// </summary>
#pragma warning disable CA1001 // The semaphore has nothing to dispose of until its handle is asked for, and callers may still be at it.
internal sealed class ReadyGate(TimeProvider time, Func<double> chance)
#pragma warning restore CA1001
{
    private readonly Lock one = new();
    private readonly SemaphoreSlim turn = new(1, 1);
    private TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan pause;
    private long failedAt;
    private int failures;

    /// <summary>A connection was made, by whichever call.</summary>
    public void Connected()
    {
        if (Volatile.Read(ref failures) == 0) return;
        lock (one)
        {
            failures = 0;
            connected.TrySetResult();
        }
    }

    /// <summary>Sends as soon as there is a connection; what fails after that is the call's own failure.</summary>
    /// <param name="http">The channel's.</param>
    /// <param name="request">Makes the request, anew for each attempt.</param>
    /// <param name="content">What is sent.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="NeverReadyException">It ended while there was no connection.</exception>
    public async Task<HttpResponseMessage> SendAsync(ChannelHttp http, Func<HttpRequestMessage> request, CallContent content, CancellationToken cancel)
    {
        Exception? last = null;
        while (true)
        {
            var seen = 0;
            try
            {
                seen = await EnterAsync(cancel).ConfigureAwait(false);
                return await SendOnceAsync(http, request, content, seen, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (IsUnsent(e, content))
            {
                if (cancel.IsCancellationRequested) throw last is null ? e : new NeverReadyException(last, cancel);
                last = e;
                Failed(seen);
            }
        }
    }

    /// <summary>Who waits goes on, and finds that the channel is no more.</summary>
    public void Close() => Connected();

    private static bool IsUnsent(Exception e, CallContent content) => !content.HasBegun && e is HttpRequestException or OperationCanceledException or IOException;

    /// <summary>Waits until there may be a connection, or it is this call's turn to try; then it holds the turn.</summary>
    /// <returns>How many attempts had failed; 0: it holds no turn.</returns>
    private async Task<int> EnterAsync(CancellationToken cancel)
    {
        if (Volatile.Read(ref failures) == 0) return 0;
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (await PauseAsync(cancel).ConfigureAwait(false) is > 0 and var seen) return seen;
        }
        catch
        {
            turn.Release();
            throw;
        }

        turn.Release();
        return 0;
    }

    private async Task<int> PauseAsync(CancellationToken cancel)
    {
        Task ready;
        TimeSpan wait;
        int seen;
        lock (one)
        {
            if (failures == 0) return 0;
            seen = failures;
            ready = connected.Task;
            wait = pause - time.GetElapsedTime(failedAt);
        }

        if (wait <= TimeSpan.Zero) return seen;
        try
        {
            await ready.WaitAsync(wait, time, cancel).ConfigureAwait(false);
            return 0;
        }
        catch (TimeoutException)
        {
            return seen;
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        ChannelHttp http, Func<HttpRequestMessage> request, CallContent content, int seen, CancellationToken cancel)
    {
        if (seen == 0) return await http.SendAsync(request(), cancel).ConfigureAwait(false);
        Task<HttpResponseMessage> sent;
        try
        {
            Task ready;
            lock (one) ready = connected.Task;
            sent = http.SendAsync(request(), cancel);
            // The turn is over as soon as there is a connection; the answer may take long.
            await Task.WhenAny(sent, ready).ConfigureAwait(false);
            // Before it is over, or the next one finds the pause of the failure before this one, which has passed, and tries at once.
            if (sent is { IsCompleted: true, IsCompletedSuccessfully: false } && !content.HasBegun && !cancel.IsCancellationRequested) Failed(seen);
        }
        finally
        {
            turn.Release();
        }

        return await sent.ConfigureAwait(false);
    }

    /// <summary>Many may fail by one and the same attempt; it counts once.</summary>
    private void Failed(int seen)
    {
        lock (one)
        {
            if (failures != seen) return;
            if (failures == 0) connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
            failures++;
            failedAt = time.GetTimestamp();
            pause = ConnectionBackoff.After(failures, chance());
        }
    }
}

/// <summary>The waiting for a connection was ended from outside; the reason for it is the last failure.</summary>
internal sealed class NeverReadyException(Exception last, CancellationToken cancel) : OperationCanceledException(last.Message, last, cancel);
