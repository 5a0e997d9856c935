using Holdfast.Core.Auditing;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.Upgrading;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Operations;

/// <summary>Law 7 for everything the API changes: the intention before the effect, the outcome after it, each once.</summary>
internal sealed class ChangeRecord(AuditLog audit)
{
    // Operations whose outcome is written and not yet noted in the store.
    private readonly HashSet<string> concluded = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <param name="by">Who asks for it, from where and why; null: no call is behind it.</param>
    public Outcome<Done> Intend(Operation operation, IReadOnlyDictionary<string, string> details, Actor? by = null)
    {
        Noted(operation.Id);
        var all = new Dictionary<string, string>(details);
        if (operation.Purge)
            all["purge"] = "true";
        return Append(by ?? operation.Actor, operation.Action.Word(), operation.Service, operation.Id, AuditOutcome.Intended, all);
    }

    /// <summary>Writes the outcome; asked again before <see cref="Noted"/>, it writes nothing more.</summary>
    public Outcome<Done> Conclude(Operation operation)
    {
        lock (gate)
        {
            if (concluded.Contains(operation.Id))
                return Outcome.Done;
            var written = Append(
                operation.Actor, operation.Action.Word(), operation.Service, operation.Id,
                operation.Phase == OperationPhase.Done ? AuditOutcome.Done : AuditOutcome.Failed,
                new Dictionary<string, string> { ["reason"] = operation.Reason, ["release"] = $"{operation.Release}" });
            if (written.IsOk)
                concluded.Add(operation.Id);
            return written;
        }
    }

    /// <summary>The store knows that the outcome is written.</summary>
    public void Noted(string operation)
    {
        lock (gate)
            concluded.Remove(operation);
    }

    /// <summary>
    /// Goes on where the record of the agent before this one ends: outcomes that are there are not written again, and an intention that
    /// came to nothing (no operation was made of it) gets its outcome.
    /// </summary>
    /// <param name="trail">The end of the record.</param>
    /// <param name="isOperation">Whether the store knows an operation with this id: then the reconciler brings it to its end.</param>
    public async Task<Outcome<Done>> ResumeAsync(AuditTrail trail, Func<string, Task<Outcome<bool>>> isOperation)
    {
        lock (gate)
            concluded.UnionWith(trail.Concluded);
        foreach (var open in trail.Open)
        {
            var known = await isOperation(open.Operation);
            if (!known.TryGet(out var goesOn))
                return Outcome.Failed<Done>(known.Problems);
            if (goesOn)
                continue;
            var succeeded = Succession.Judge(open, AppContext.BaseDirectory);
            var written = Append(
                open.Actor, open.Action, open.Target, open.Operation, succeeded is null ? AuditOutcome.Failed : AuditOutcome.Done,
                succeeded ?? new Dictionary<string, string> { ["reason"] = "the agent ended before it was done, or before it could say so" });
            if (!written.IsOk)
                return written;
        }

        return Outcome.Done;
    }

    public Outcome<Done> Refused(Actor actor, string action, string target, string operation, IReadOnlyList<Problem> problems) => Note(Refusal(actor, action, target, operation, problems));

    /// <summary>What is recorded of a refusal.</summary>
    public static AuditRecord Refusal(Actor actor, string action, string target, string operation, IReadOnlyList<Problem> problems) =>
        Record(actor, action, target, operation, AuditOutcome.Refused, new Dictionary<string, string>
        {
            ["reason"] = problems[0].What,
            ["rule"] = string.Join(", ", problems.Select(problem => problem.Rule).Distinct()),
        });

    /// <summary>For a change whose outcome only the next agent can know: it is written when that resumes the record.</summary>
    public Outcome<Done> LeaveOpen(Actor actor, string action, string target, string operation, IReadOnlyDictionary<string, string> details) =>
        Append(actor, action, target, operation, AuditOutcome.Intended, details);

    /// <summary>A step of an act that somebody else carries out, and answers for.</summary>
    public Outcome<Done> Note(AuditRecord step)
    {
        var written = audit.Append(step);
        return written.IsOk ? Outcome.Done : Outcome.Failed<Done>(written.Problems);
    }

    /// <summary>For a change that is not an operation: intention, effect, outcome, in one call.</summary>
    public async Task<Outcome<T>> AroundAsync<T>(
        Actor actor, string action, string target, string operation, IReadOnlyDictionary<string, string> details, Func<Task<Outcome<T>>> effect,
        Func<T, IReadOnlyDictionary<string, string>>? result = null)
    {
        var intended = Append(actor, action, target, operation, AuditOutcome.Intended, details);
        if (!intended.IsOk)
            return Outcome.Failed<T>(intended.Problems);

        Outcome<T> outcome;
        try
        {
            outcome = await effect();
        }
        catch (Exception e)
        {
            // Whatever it was, the intention is not left open: only the next agent would close it.
            var why = e is OperationCanceledException ? "the client went away before it was done" : "the agent failed at it; its log says how";
            Append(actor, action, target, operation, AuditOutcome.Failed, new Dictionary<string, string> { ["reason"] = why });
            throw;
        }

        if (outcome.TryGet(out var value))
            Append(actor, action, target, operation, AuditOutcome.Done, result?.Invoke(value) ?? details);
        else if (outcome.Problems[0].Kind is ProblemKind.Refused or ProblemKind.BadInput)
            Refused(actor, action, target, operation, outcome.Problems);
        else
            Append(actor, action, target, operation, AuditOutcome.Failed, new Dictionary<string, string> { ["reason"] = outcome.Problems[0].What });
        return outcome;
    }

    private Outcome<Done> Append(Actor actor, string action, string target, string operation, AuditOutcome outcome, IReadOnlyDictionary<string, string> details) =>
        Note(Record(actor, action, target, operation, outcome, details));

    private static AuditRecord Record(Actor actor, string action, string target, string operation, AuditOutcome outcome, IReadOnlyDictionary<string, string> details) => new()
    {
        Actor = actor.Name, Action = action, Target = target, Outcome = outcome, Operation = operation, Details = actor.With(details),
    };
}
