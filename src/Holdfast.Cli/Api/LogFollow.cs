using Holdfast.Rpc;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Api;

/// <summary>
/// Reads a service's output. Who follows it does not care which agent gives it: when that is gone, the next one is waited for, and goes
/// on behind the last line that was shown.
/// </summary>
internal static class LogFollow
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <param name="cli">Where it is said that we wait.</param>
    /// <param name="request">What to begin with.</param>
    /// <param name="show">Is given every line once, in order.</param>
    /// <param name="cancel">Ends a following, which ends by nothing else.</param>
    public static async Task ReadAsync(CliContext cli, LogsRequest request, Action<LogLines> show, CancellationToken cancel)
    {
        var (connected, waiting) = (false, false);
        while (true)
        {
            try
            {
                using var api = ApiSession.Open(cli);
                using var call = api.Output.Logs(request, new(cancel));
                await foreach (var lines in call.ReadAllAsync(cancel))
                {
                    if (waiting) cli.Terminal.Say("The agent is back.");
                    (connected, waiting) = (true, false);
                    show(lines);
                    if (lines.End is { } end) request.After = end;
                }

                // An agent that is told to end ends the call; else a following has no end.
                if (!request.Follow) return;
            }
            catch (RpcException failure) when (request.Follow && connected && failure.Status.Code == StatusCode.Unavailable && !cancel.IsCancellationRequested)
            {
                // Asked again below.
            }

            if (!waiting) cli.Terminal.Say("The agent has gone; waiting for the next one.");
            waiting = true;
            await Task.Delay(Pause, cli.Time, cancel);
        }
    }
}
