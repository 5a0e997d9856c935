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
using Holdfast.Platform;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;
using static Holdfast.Rpc.V1.Node;

namespace Holdfast.Node.Api;

/// <summary>The node itself, and its record of changes.</summary>
internal sealed class NodeApi(Home home, AgentIdentity agent, ISupervisor supervisor, NodeUpgrade upgrade, BackupService backups, ChangeRecord record, TimeProvider time) : NodeBase
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
        var verified = AuditVerifier.Verify(home.Audit, [], context.Cancel);
        if (!verified.TryGet(out var verdict))
            throw ProblemTranslation.ToException(verified.Problems);
        return Task.FromResult(new VerifyAuditResponse
        {
            Whole = verdict.Whole,
            Entries = verdict.Entries,
            Head = verdict.Head.Hash,
            Findings = { verdict.Findings.Select(finding => $"entry {finding.Sequence}: {finding.What}") },
        });
    }

    public override async Task Upgrade(UpgradeRequest request, IServerStreamWriter<UpgradeProgress> responses, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.IsAdministrator)
            throw ProblemTranslation.ToException([NodeUpgrade.NoRight(caller.Name)]);
        var done = await upgrade.RunAsync(
            caller.Name, request.Folder, (step, message) => responses.WriteAsync(new() { Step = step, Message = message }, context.Cancel), context.Cancel);
        if (!done.IsOk)
            throw ProblemTranslation.ToException(done.Problems);
    }

    public override async Task Backup(BackupRequest request, IServerStreamWriter<BackupPart> responses, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.IsAdministrator)
        {
            var refused = BackupProblems.NotOwner(caller.Name);
            backups.Refused(caller.Name, [refused]);
            throw ProblemTranslation.ToException([refused]);
        }

        var made = await backups.RunAsync(
            caller.Name,
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
            throw ProblemTranslation.ToException([RecordKeeping.NoRight(caller.Name)]);
        if (AuditOutcomes.Find(request.Outcome) is not { } outcome || !RecordKeeping.IsAction(request.Action) || request.Target.Length == 0 || request.Operation.Length == 0)
            throw ProblemTranslation.ToException([RecordKeeping.NotAnAct]);
        var written = record.Note(new()
        {
            Actor = caller.Name,
            Action = request.Action,
            Target = request.Target,
            Outcome = outcome,
            Operation = request.Operation,
            Details = request.Details.ToDictionary(),
        });
        return written.IsOk ? Task.FromResult(new RecordResponse()) : throw ProblemTranslation.ToException(written.Problems);
    }

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
