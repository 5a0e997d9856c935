using Holdfast.Core.Auditing;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Operations;

/// <summary>Law 7 for everything the API changes: the intention before the effect, the outcome after it.</summary>
internal sealed class ChangeRecord(AuditLog audit)
{
    public Outcome<Done> Intend(Operation operation, IReadOnlyDictionary<string, string> details)
    {
        var all = new Dictionary<string, string>(details);
        if (operation.Purge)
            all["purge"] = "true";
        return Append(operation.Actor, operation.Action.Word(), operation.Service, operation.Id, AuditOutcome.Intended, all);
    }

    public Outcome<Done> Conclude(Operation operation) => Append(
        operation.Actor, operation.Action.Word(), operation.Service, operation.Id,
        operation.Phase == OperationPhase.Done ? AuditOutcome.Done : AuditOutcome.Failed,
        new Dictionary<string, string> { ["reason"] = operation.Reason, ["release"] = $"{operation.Release}" });

    public Outcome<Done> Refused(string actor, string action, string target, string operation, IReadOnlyList<Problem> problems) =>
        Append(actor, action, target, operation, AuditOutcome.Refused, new Dictionary<string, string>
        {
            ["reason"] = problems[0].What,
            ["rule"] = string.Join(", ", problems.Select(problem => problem.Rule).Distinct()),
        });

    /// <summary>For a change that is not an operation: intention, effect, outcome, in one call.</summary>
    public async Task<Outcome<T>> AroundAsync<T>(
        string actor, string action, string target, string operation, IReadOnlyDictionary<string, string> details, Func<Task<Outcome<T>>> effect,
        Func<T, IReadOnlyDictionary<string, string>>? result = null)
    {
        var intended = Append(actor, action, target, operation, AuditOutcome.Intended, details);
        if (!intended.IsOk)
            return Outcome.Failed<T>(intended.Problems);

        var outcome = await effect();
        if (outcome.TryGet(out var value))
            Append(actor, action, target, operation, AuditOutcome.Done, result?.Invoke(value) ?? details);
        else if (outcome.Problems[0].Kind is ProblemKind.Refused or ProblemKind.BadInput)
            Refused(actor, action, target, operation, outcome.Problems);
        else
            Append(actor, action, target, operation, AuditOutcome.Failed, new Dictionary<string, string> { ["reason"] = outcome.Problems[0].What });
        return outcome;
    }

    private Outcome<Done> Append(string actor, string action, string target, string operation, AuditOutcome outcome, IReadOnlyDictionary<string, string> details)
    {
        var written = audit.Append(new AuditRecord
        {
            Actor = actor, Action = action, Target = target, Outcome = outcome, Operation = operation, Details = details,
        });
        return written.IsOk ? Outcome.Done : Outcome.Failed<Done>(written.Problems);
    }
}
