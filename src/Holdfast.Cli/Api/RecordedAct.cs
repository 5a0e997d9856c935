using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Node.Hosting;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Api;

/// <summary>Law 7 for what a command does itself, with files and the service manager: its intention before the effect and its outcome after it, by the agent where one runs.</summary>
internal sealed class RecordedAct(CliContext cli)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string actor = AccountDirectory.Current().Name;

    /// <param name="action">Two words: <c>service.install</c>.</param>
    /// <param name="result">What the outcome says; by default the same as the intention.</param>
    public async Task<Outcome<T>> RunAsync<T>(
        string action, string target, IReadOnlyDictionary<string, string> details, Func<Task<Outcome<T>>> effect, CancellationToken cancel, Func<T, IReadOnlyDictionary<string, string>>? result = null)
    {
        var operation = Guid.NewGuid().ToString("n");
        var intended = await WriteAsync(Step(AuditOutcome.Intended, details), cancel);
        if (!intended.IsOk) return Outcome.Failed<T>(intended.Problems);
        Outcome<T> outcome;
        try
        {
            outcome = await effect();
        }
        catch (OperationCanceledException)
        {
            await WriteAsync(Step(AuditOutcome.Failed, new Dictionary<string, string> { ["reason"] = "it was interrupted" }), CancellationToken.None);
            throw;
        }

        var written = await WriteAsync(
            outcome.TryGet(out var value)
                ? Step(AuditOutcome.Done, result?.Invoke(value) ?? details)
                : Step(outcome.Problems[0].Kind is ProblemKind.Refused or ProblemKind.BadInput ? AuditOutcome.Refused : AuditOutcome.Failed, new Dictionary<string, string> { ["reason"] = outcome.Problems[0].What }),
            CancellationToken.None);
        if (!written.IsOk) cli.Terminal.Say($"How it ended is not in the record: {string.Join("; ", written.Problems)}");
        return outcome;

        AuditRecord Step(AuditOutcome how, IReadOnlyDictionary<string, string> what) =>
            new() { Actor = actor, Action = action, Target = target, Outcome = how, Operation = operation, Details = what };
    }

    private async Task<Outcome<Done>> WriteAsync(AuditRecord step, CancellationToken cancel)
    {
        var began = cli.Time.GetTimestamp();
        while (true)
        {
            var kept = RecordKeeping.Append(cli.Home, Environment.MachineName, step, cli.Time);
            if (kept.IsOk || kept.Problems[0].Rule != RecordKeeping.AgentRunsRule) return kept;
            var told = await TellAsync(step, cancel);
            if (told is not null) return told;
            // One that is just coming or going.
            if (cli.Time.GetElapsedTime(began) > Patience) return Silent;
            await Task.Delay(Pause, cli.Time, cancel);
        }
    }

    /// <summary>Null: it does not answer.</summary>
    private async Task<Outcome<Done>?> TellAsync(AuditRecord step, CancellationToken cancel)
    {
        try
        {
            using var api = ApiSession.OpenLocal(cli.Home, cli.Time);
            var request = new RecordRequest { Action = step.Action, Target = step.Target, Outcome = AuditOutcomes.Word(step.Outcome), Operation = step.Operation };
            foreach (var (name, value) in step.Details) request.Details[name] = value;
            await api.Node.RecordAsync(request, ApiSession.Short(cancel));
            return Outcome.Done;
        }
        catch (RpcException failure) when (failure.Status.Code == StatusCode.Unimplemented)
        {
            return new Core.Problems.Problem(ProblemKind.Conflict, "record.agent-too-old", "The agent that runs is of a version that records no such act.") { Mend = "upgrade it (holdfast upgrade), then again" };
        }
        catch (RpcException failure) when (failure.Status.Code == StatusCode.Unavailable)
        {
            return null;
        }
    }

    private static Core.Problems.Problem Silent => new(ProblemKind.Unavailable, "record.silent", "An agent has the record of this node and does not answer: nothing was done.")
    {
        Why = "nothing is changed without a record",
        Mend = "see `holdfast node` and the agent's log",
    };
}
