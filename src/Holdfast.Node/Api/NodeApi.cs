using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Auditing;
using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Node.Backups;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Supervisors;
using Holdfast.Node.Upgrading;
using Holdfast.Node.Witnessing;
using Holdfast.Platform;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;
using static Holdfast.Rpc.V1.Node;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Node.Api;

/// <summary>The node itself, and its record of changes.</summary>
internal sealed class NodeApi(Home home, AgentIdentity agent, ISupervisor supervisor, NodeUpgrade upgrade, BackupService backups, AuditLog audit, Cosigners? cosigners, WitnessState? witnesses, ChangeRecord record, Refusals refusals, TimeProvider time) : NodeBase
{
    public override async Task<NodeInfo> GetNode(GetNodeRequest request, ServerCallContext context)
    {
        var seen = await supervisor.ObserveAsync(context.Cancel);
        var runner = seen.Absent.Any(absence => absence.Service is null) ? null : SupervisorIdentityFile.Read(new(home));
        return new()
        {
            Name = agent.Node,
            Version = agent.Version,
            AgentPid = Environment.ProcessId,
            AgentStartedAt = Timestamp.FromDateTimeOffset(agent.StartedAt),
            SupervisorPid = runner?.Pid ?? 0,
            SupervisorStartedAt = runner is null ? null : Timestamp.FromDateTimeOffset(time.GetUtcNow() - ProcessFacts.Age(runner.CreationTime)),
            SupervisorVersion = runner?.Version ?? "",
            AgentExecutable = Environment.ProcessPath ?? "",
            SupervisorExecutable = runner?.Executable ?? "",
            Home = home.Path,
            Metrics = agent.Metrics,
            Instances = seen.Instances.Count,
            Listens = agent.Listens,
            AuditPublicKey = audit.Key?.Pem ?? "",
            AuditWitnesses = { witnesses?.Messages() ?? [] },
        };
    }

    public override async Task ListAudit(ListAuditRequest request, IServerStreamWriter<Rpc.V1.AuditEntry> responses, ServerCallContext context)
    {
        var query = new AuditQuery { Tail = request.Tail, Service = request.Service.Length > 0 ? request.Service : null };
        foreach (var entry in AuditReader.Read(home.Audit, query))
            await responses.WriteAsync(Message(entry), context.Cancel);
    }

    public override Task<VerifyAuditResponse> VerifyAudit(VerifyAuditRequest request, ServerCallContext context)
    {
        var verdict = Or(AuditVerifier.Verify(home.Audit, [], audit.Key, context.Cancel));
        var forks = witnesses?.Forks() ?? [];
        var (cosigned, by) = witnesses?.Cosigned(audit.Key) ?? (0, 0);
        return Task.FromResult(new VerifyAuditResponse
        {
            Whole = verdict.Whole && forks.Count == 0,
            Entries = verdict.Entries,
            Head = verdict.Head.Hash,
            Findings = { verdict.Findings.Select(finding => $"entry {finding.Sequence}: {finding.What}") },
            CheckpointEntries = verdict.Checkpoint?.Size ?? 0,
            Origin = verdict.Checkpoint?.Origin ?? "",
            Forks = { forks },
            CosignedEntries = cosigned,
            CosignedBy = by,
        });
    }

    public override async Task ExportAudit(ExportAuditRequest request, IServerStreamWriter<ExportAuditPart> responses, ServerCallContext context)
    {
        var from = Or(FirstOf(request));
        var details = new Dictionary<string, string> { ["from"] = from?.ToString() ?? "first", ["to"] = request.To > 0 ? $"{request.To}" : "last" };
        // Who takes entries is in the record before anything is given out, and so in what is given.
        Or(await record.AroundAsync(Caller.Of(context).Actor, AuditAction.Exported, "audit", Guid.NewGuid().ToString("n"), details, async () =>
        {
            // The others are asked now, so that what is given is what they have cosigned; without them it is given all the same.
            var last = audit.Head.Sequence;
            if (cosigners is not null) await cosigners.RoundAsync(sign: true, context.Cancel);
            var made = audit.Export(from, request.To > 0 ? request.To : null, Math.Max(last, request.To));
            if (!made.TryGet(out var export))
                return Outcome.Failed<Done>(made.Problems);
            using (export)
            {
                foreach (var chunk in export.Chunks())
                    await responses.WriteAsync(new() { Chunk = ByteString.CopyFrom(chunk.Span) }, context.Cancel);
                return Outcome.Done;
            }
        }));
    }

    public override async Task<ProveAuditResponse> ProveAudit(ProveAuditRequest request, ServerCallContext context)
    {
        var last = audit.Head.Sequence;
        if (cosigners is not null) await cosigners.RoundAsync(sign: true, context.Cancel);
        return new() { Proof = ByteString.CopyFrom(request.Kept.IsEmpty ? Or(audit.Prove(request.Sequence)).Format() : Or(audit.Extend(request.Kept.Memory, last)).Format()) };
    }

    public override async Task Upgrade(UpgradeRequest request, IServerStreamWriter<UpgradeProgress> responses, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.IsAdministrator)
            throw caller.Refuse(refusals, Succession.Action, agent.Node, NodeUpgrade.NoRight(caller.Name));
        var done = await upgrade.RunAsync(
            caller.Actor, request.Folder, (step, message) => responses.WriteAsync(new() { Step = step, Message = message }, context.Cancel), context.Cancel);
        if (!done.IsOk)
            throw ProblemTranslation.ToException(done.Problems);
    }

    public override async Task Backup(BackupRequest request, IServerStreamWriter<BackupPart> responses, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.IsAdministrator)
            throw caller.Refuse(refusals, BackupService.Action, agent.Node, BackupProblems.NotOwner(caller.Name));

        var made = await backups.RunAsync(
            caller.Actor,
            (chunk, cancel) => responses.WriteAsync(new() { Chunk = ByteString.CopyFrom(chunk.Span) }, cancel),
            (step, message) => responses.WriteAsync(new() { Progress = new() { At = Timestamp.FromDateTimeOffset(time.GetUtcNow()), Step = step, Message = message } }, context.Cancel),
            context.Cancel);
        if (!made.TryGet(out var receipt))
            throw ProblemTranslation.ToException(made.Problems);
        await responses.WriteAsync(new() { Summary = BackupMessage.Of(receipt) }, context.Cancel);
    }

    public override Task<RecordResponse> Record(RecordRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.IsAdministrator)
            throw caller.Refuse(refusals, Refusals.Call, RecordKeeping.IsAction(request.Action) ? $"{context.Method[1..]}: {request.Action}" : context.Method[1..], RecordKeeping.NoRight(caller.Name));
        if (AuditOutcomes.Find(request.Outcome) is not { } outcome || !RecordKeeping.IsAction(request.Action) || request.Target.Length == 0 || request.Operation.Length == 0 || request.Details.Keys.Any(CallDetails.IsOne))
            throw ProblemTranslation.ToException([RecordKeeping.NotAnAct]);
        var written = record.Note(new()
        {
            Actor = caller.Name,
            Action = request.Action,
            Target = request.Target,
            Outcome = outcome,
            Operation = request.Operation,
            Details = caller.Actor.With(request.Details.ToDictionary()),
        });
        return written.IsOk ? Task.FromResult(new RecordResponse()) : throw ProblemTranslation.ToException(written.Problems);
    }

    public override Task<ListAuditHoldsResponse> ListAuditHolds(ListAuditHoldsRequest request, ServerCallContext context) => Task.FromResult(new ListAuditHoldsResponse
    {
        Holds =
        {
            Or(audit.Holds()).Select(hold => new Rpc.V1.AuditHold { Name = hold.Name, Actor = hold.Actor, At = Timestamp.FromDateTimeOffset(hold.At), Reason = hold.Reason, Sequence = hold.Sequence }),
        },
    });

    public override Task<HoldAuditResponse> HoldAudit(HoldAuditRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var action = request.Release ? AuditAction.Released : AuditAction.Held;
        if (!caller.IsAdministrator)
            throw caller.Refuse(refusals, action, request.Name, RecordKeeping.NoHoldRight(caller.Name));
        var origin = caller.Actor.With(new Dictionary<string, string>());
        var done = request.Release ? audit.Release(request.Name, caller.Name, request.Reason, origin) : audit.Hold(request.Name, caller.Name, request.Reason, origin);
        if (!done.IsOk)
            record.Refused(caller.Actor, action, request.Name, Guid.NewGuid().ToString("n"), done.Problems);
        return Task.FromResult(new HoldAuditResponse { Sequence = Or(done).Sequence });
    }

    /// <summary>The first entry that is asked for; null: the first that is kept.</summary>
    private Outcome<long?> FirstOf(ExportAuditRequest request)
    {
        if (request.Since is null)
            return request.From > 0 ? request.From : Outcome.Of<long?>(null);
        var since = Timestamps.Read(request.Since);
        return AuditReader.Read(home.Audit, new()).FirstOrDefault(entry => entry.At >= since) is { } first
            ? first.Sequence
            : new Problem(ProblemKind.NotFound, "audit.no-such-entry", $"The audit log has no entry since {since:u}.");
    }

    private static T Or<T>(Outcome<T> outcome) => outcome.TryGet(out var value) ? value : throw ProblemTranslation.ToException(outcome.Problems);

    private static Rpc.V1.AuditEntry Message(Core.Auditing.AuditEntry entry) => new()
    {
        Sequence = entry.Sequence,
        At = Timestamp.FromDateTimeOffset(entry.At),
        Node = entry.Node,
        Actor = entry.Actor,
        Action = entry.Action,
        Target = entry.Target,
        Outcome = AuditOutcomes.Word(entry.Outcome),
        Operation = entry.Operation,
        Hash = entry.Hash,
        Details = { entry.Details.ToDictionary() },
    };
}
