using Google.Protobuf;
using Holdfast.Node.Api;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Node;
using static Holdfast.Rpc.V1.Output;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Cli.Tests.Fakes;

internal sealed class FakeOutput : OutputBase
{
    public List<LogLines> Lines { get; } = [];

    /// <summary>By service, where it is not <see cref="Lines"/>.</summary>
    public Dictionary<string, List<LogLine>> Of { get; } = [];

    public List<Event> Happened { get; } = [];

    private readonly TaskCompletionSource following = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LogsRequest? Asked { get; private set; }

    /// <summary>A following ends with an error instead of waiting.</summary>
    public bool Gone { get; set; }

    /// <summary>Everything was said, and the caller waits for more.</summary>
    public Task Following => following.Task;

    public override async Task Logs(LogsRequest request, IServerStreamWriter<LogLines> responses, ServerCallContext context)
    {
        Asked = request;
        if (Of.TryGetValue(request.Service, out var own)) await responses.WriteAsync(new LogLines { Lines = { own } });
        foreach (var lines in Lines) await responses.WriteAsync(lines);
        if (!request.Follow) return;
        following.TrySetResult();
        if (Gone) throw new RpcException(new RpcStatus(StatusCode.NotFound, "the service is gone"));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.Cancel);
    }

    public LedgerResponse Kept { get; set; } = new();

    public List<DeadLetter> Letters { get; } = [];

    public override async Task Events(EventsRequest request, IServerStreamWriter<Event> responses, ServerCallContext context)
    {
        foreach (var what in Happened) await responses.WriteAsync(what);
    }

    public override Task<LedgerResponse> Ledger(LedgerRequest request, ServerCallContext context) => Task.FromResult(Kept);

    public override Task<RetryDeadLettersResponse> RetryDeadLetters(RetryDeadLettersRequest request, ServerCallContext context) => Task.FromResult(new RetryDeadLettersResponse { Delivered = Letters.Count, Refused = 1 });

    public override async Task DeadLetters(DeadLettersRequest request, IServerStreamWriter<DeadLetter> responses, ServerCallContext context)
    {
        foreach (var letter in Letters.Where(one => request.Number == 0 || one.Sequence == request.Number)) await responses.WriteAsync(letter);
    }
}

internal sealed class FakePackages : PackagesBase
{
    public string Name { get; private set; } = "";

    public byte[] Received { get; private set; } = [];

    public PushResponse Response { get; set; } = new();

    /// <summary>The connection breaks behind so many bytes of the next push; null: it holds.</summary>
    public int? CutAt { get; set; }

    public List<long> Offsets { get; } = [];

    public override async Task<PushResponse> Push(IAsyncStreamReader<PushRequest> requests, ServerCallContext context)
    {
        using var received = new MemoryStream();
        await foreach (var request in requests.ReadAllAsync())
        {
            if (request.Name.Length > 0)
            {
                Name = request.Name;
                Offsets.Add(request.Offset);
                received.Write(Received, 0, (int)request.Offset);
            }

            request.Chunk.WriteTo(received);
            Received = received.ToArray();
            if (CutAt is not { } cut || Received.Length < cut) continue;
            CutAt = null;
            throw new RpcException(StatusCode.Unavailable, "the connection broke");
        }

        return Response;
    }

    public override Task<PushState> GetPush(GetPushRequest request, ServerCallContext context) => Task.FromResult(new PushState { Received = Received.Length });
}

internal sealed class FakeNode : NodeBase
{
    public NodeInfo Info { get; set; } = new();

    public List<AuditEntry> Entries { get; } = [];

    public VerifyAuditResponse Verified { get; set; } = new();

    public override Task<NodeInfo> GetNode(GetNodeRequest request, ServerCallContext context) => Task.FromResult(Info);

    public override async Task ListAudit(ListAuditRequest request, IServerStreamWriter<AuditEntry> responses, ServerCallContext context)
    {
        foreach (var entry in Entries) await responses.WriteAsync(entry);
    }

    public override Task<VerifyAuditResponse> VerifyAudit(VerifyAuditRequest request, ServerCallContext context) => Task.FromResult(Verified);

    /// <summary>What exports and proofs are made from.</summary>
    public Telemetry.Auditing.AuditLog? Audit { get; set; }

    public override async Task ExportAudit(ExportAuditRequest request, IServerStreamWriter<ExportAuditPart> responses, ServerCallContext context)
    {
        var made = Audit!.Export(request.From > 0 ? request.From : null, request.To > 0 ? request.To : null);
        if (!made.TryGet(out var export)) throw ProblemTranslation.ToException(made.Problems);
        using (export)
        {
            foreach (var chunk in export.Chunks()) await responses.WriteAsync(new() { Chunk = ByteString.CopyFrom(chunk.Span) });
        }
    }

    public override Task<ProveAuditResponse> ProveAudit(ProveAuditRequest request, ServerCallContext context) => Task.FromResult(new ProveAuditResponse
    {
        Proof = ByteString.CopyFrom(request.Kept.IsEmpty ? Audit!.Prove(request.Sequence).Value.Format() : Audit!.Extend(request.Kept.Memory).Value.Format()),
    });

    public List<BackupPart> Backed { get; } = [];

    public override async Task Backup(BackupRequest request, IServerStreamWriter<BackupPart> responses, ServerCallContext context)
    {
        foreach (var part in Backed) await responses.WriteAsync(part);
    }
}
