using Holdfast.Core.Problems;
using Holdfast.Core.Shipping;
using Holdfast.Node.Shipping;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Telemetry.Auditing;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Sources;

/// <summary>Keeps the stream of the audit log's entries, as long as a sink delivers it. Where none does, nothing is copied and nothing is held open.</summary>
/// <param name="home">Of the node.</param>
/// <param name="audit">The node's log.</param>
/// <param name="demand">What the sinks want of the stream, now.</param>
/// <param name="time">For the segments, and for looking.</param>
internal sealed class AuditKeeper(Home home, AuditLog audit, Func<StreamDemand> demand, TimeProvider time, ILogger<AuditKeeper> log) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1), LookInTrouble = TimeSpan.FromSeconds(10), MaintainEvery = TimeSpan.FromHours(1);

    /// <summary>It is a queue: the log itself keeps its entries for as long as they must be kept.</summary>
    private static readonly SegmentPolicy policy = new() { KeepBytes = 256L << 20, RotateBytes = 16L << 20 };

    private AuditCopy? copy;
    private long maintained;

    /// <summary>Why entries are not copied; empty: they are, or nobody wants them. From any thread.</summary>
    public IReadOnlyList<Problem> Problems { get; private set; } = [];

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested) await Task.Delay(await Task.Run(Turn, cancel), time, cancel);
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        copy?.Dispose();
        copy = null;
    }

    /// <returns>How long nothing has to be done.</returns>
    private TimeSpan Turn()
    {
        try
        {
            var wanted = demand();
            if (wanted == StreamDemand.None)
            {
                Dispose();
                Problems = [];
                return LookEvery;
            }

            var trouble = Copy(wanted == StreamDemand.FromNow, out var hasMore);
            Problems = trouble is null ? [] : [trouble];
            return trouble is not null ? LookInTrouble : hasMore ? TimeSpan.Zero : LookEvery;
        }
        catch (Exception bug)
        {
            // It ends neither the agent nor the stream: what was copied is in its segments, and it goes on there.
            Log.AuditFailed(log, bug);
            Dispose();
            return LookInTrouble;
        }
    }

    private Problem? Copy(bool fromNow, out bool hasMore)
    {
        hasMore = false;
        if (copy is null)
        {
            var opened = FolderRights.Ensure(home.AuditStream, FolderRights.OwnerAndGroup).Then(_ => AuditCopy.Open(home.Audit, home.AuditStream, policy, time));
            if (!opened.TryGet(out copy)) return opened.Problems[0];
            maintained = time.GetTimestamp();
            Log.CopiesAudit(log, copy.Copied.Sequence);
        }

        var head = audit.Head;
        if (fromNow && copy.BeginBehind(head) is { } trouble) return trouble;
        if (time.GetElapsedTime(maintained) >= MaintainEvery)
        {
            copy.Maintain();
            maintained = time.GetTimestamp();
        }

        return copy.Turn(head, out hasMore);
    }
}
