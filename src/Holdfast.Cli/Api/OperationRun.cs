using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Api;

/// <summary>
/// Follows an operation to its end. The operation is the agent's: it goes on when we are interrupted, and when the agent
/// is replaced meanwhile we ask again with the same request id, which is the same operation.
/// </summary>
internal static class OperationRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="cli">Where progress is shown.</param>
    /// <param name="start">Makes the call; its request must carry an id of its own.</param>
    /// <param name="cancel">Ends the following, not the operation.</param>
    public static async Task<int> FollowAsync(CliContext cli, Func<ServicesClient, ServerStreamingCall<Progress>> start, CancellationToken cancel)
    {
        var told = "";
        long? lost = null;
        while (true)
        {
            try
            {
                using var api = ApiSession.Open(cli);
                using var call = start(api.Services);
                await foreach (var progress in call.ReadAllAsync(cancel))
                {
                    lost = null;
                    if (progress.Message != told) cli.Terminal.Say($"{progress.Step,-12}  {progress.Message}");
                    told = progress.Message;
                }

                return ExitCode.Ok;
            }
            catch (RpcException) when (cancel.IsCancellationRequested)
            {
                if (told.Length > 0) cli.Terminal.Say("No longer watching: the agent goes on with it.");
                throw;
            }
            catch (RpcException e) when (e.Status.Code == StatusCode.Unavailable && told.Length > 0 && StillPatient(cli, ref lost))
            {
                await Task.Delay(Pause, cli.Time, cancel);
            }
        }
    }

    private static bool StillPatient(CliContext cli, ref long? lost)
    {
        if (lost is { } since) return cli.Time.GetElapsedTime(since) < Patience;
        lost = cli.Time.GetTimestamp();
        cli.Terminal.Say("The agent has gone; waiting for the next one.");
        return true;
    }
}
