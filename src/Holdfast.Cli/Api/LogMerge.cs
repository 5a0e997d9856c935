using System.Runtime.CompilerServices;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Api;

/// <summary>The output of several services in the order in which it was written. No more is in memory than one message of each.</summary>
internal static class LogMerge
{
    /// <param name="api">Asked for each of them.</param>
    /// <param name="requests">None of them follows.</param>
    /// <param name="show">Is given every line once.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task ReadAsync(ApiSession api, IReadOnlyList<LogsRequest> requests, Action<LogLine> show, CancellationToken cancel)
    {
        var calls = requests.Select(request => api.Output.Logs(request, new(cancel))).ToList();
        var reading = new List<IAsyncEnumerator<LogLine>>();
        try
        {
            var first = new PriorityQueue<IAsyncEnumerator<LogLine>, (DateTimeOffset At, int Order)>();
            for (var i = 0; i < calls.Count; i++)
            {
                var lines = LinesAsync(calls[i], cancel).GetAsyncEnumerator(cancel);
                reading.Add(lines);
                if (await lines.MoveNextAsync()) first.Enqueue(lines, (lines.Current.At.ToDateTimeOffset(), i));
            }

            while (first.TryDequeue(out var next, out var priority))
            {
                show(next.Current);
                if (await next.MoveNextAsync()) first.Enqueue(next, (next.Current.At.ToDateTimeOffset(), priority.Order));
            }
        }
        finally
        {
            foreach (var lines in reading) await lines.DisposeAsync();
            foreach (var call in calls) call.Dispose();
        }
    }

    private static async IAsyncEnumerable<LogLine> LinesAsync(ServerStreamingCall<LogLines> call, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var lines in call.ReadAllAsync(cancel))
        {
            foreach (var line in lines.Lines) yield return line;
        }
    }
}
