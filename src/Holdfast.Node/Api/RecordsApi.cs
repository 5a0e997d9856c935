using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Auditing;
using Holdfast.Node.Operations;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;
using static Holdfast.Rpc.V1.Records;

namespace Holdfast.Node.Api;

/// <summary>Services' own records: who calls is known by <see cref="ServiceCallers"/>.</summary>
internal sealed class RecordsApi(AuditLog audit, Refusals refusals, TimeProvider time) : RecordsBase, IDisposable
{
    /// <summary>Each waits for the disk on a thread of its own, and those of a moment are written with one sync: more would take the agent's threads, and bring little.</summary>
    private const int AtOnce = 8;

    private readonly SemaphoreSlim free = new(AtOnce, AtOnce);
    private readonly Lock gate = new();
    private readonly long began = time.GetTimestamp();
    private RecordRates rates = RecordRates.Full;

    public override async Task<AppendRecordResponse> Append(AppendRecordRequest request, ServerCallContext context)
    {
        var caller = ServiceCaller.Of(context);
        // Before it is looked at: who sends nonsense without end is held back as well.
        if (Take(caller) is { } wait)
            throw caller.Refuse(refusals, RecordProblems.TooMany(caller.Author.Instance, caller.Allowed.PerMinute, wait), StatusCode.ResourceExhausted);
        var read = BusinessRecord.Read(request.Action, request.Target, request.Outcome, request.Operation, request.Why, request.Details);
        if (!read.TryGet(out var record))
            throw ProblemTranslation.ToException(read.Problems);

        await free.WaitAsync(context.Cancel);
        try
        {
            var written = audit.Append(record.By(caller.Author, caller.Origin.Details, Guid.NewGuid().ToString("n")));
            return written.TryGet(out var entry)
                ? new() { Sequence = entry.Sequence, Hash = entry.Hash, At = Timestamp.FromDateTimeOffset(entry.At) }
                : throw ProblemTranslation.ToException(written.Problems);
        }
        finally
        {
            free.Release();
        }
    }

    public void Dispose() => free.Dispose();

    private TimeSpan? Take(ServiceCaller caller)
    {
        lock (gate)
        {
            (rates, var wait) = rates.Take(caller.Author.Instance, caller.Allowed.PerMinute, time.GetElapsedTime(began));
            return wait;
        }
    }
}
