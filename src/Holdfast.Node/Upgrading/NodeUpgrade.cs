using Holdfast.Core.Problems;
using Holdfast.Core.Supervision.Control;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Storage;

namespace Holdfast.Node.Upgrading;

/// <summary>
/// Replaces supervisor and agent by another build, one after the other: both builds talk to each other for a moment, and a service notices neither.
/// Nothing is changed before both have proven that they can go on.
/// </summary>
/// <param name="cluster">The cluster's store; null: the node keeps its own.</param>
/// <param name="fresh">Waits until there is as much time as ever before what leads here is fenced, because nobody extends it.</param>
internal sealed class NodeUpgrade(Home home, IStore? cluster, Func<CancellationToken, Task> fresh, SupervisorGroup supervisors, ChangeRecord record, Succession succession) : IDisposable
{
    private readonly SemaphoreSlim free = new(1, 1);

    /// <summary>Returns when the supervisor is replaced and this agent is about to be.</summary>
    /// <param name="tell">Step and sentence.</param>
    public async Task<Outcome<Done>> RunAsync(Actor actor, string folder, Func<string, string, Task> tell, CancellationToken cancel)
    {
        if (NextImage.Refusal is { } refused) return refused;
        if (!await free.WaitAsync(TimeSpan.Zero, cancel))
            return new Problem(ProblemKind.Conflict, "upgrade.under-way", "Another upgrade of this node is under way.") { Mend = "wait for it" };
        try
        {
            var found = ProductBuild.Find(folder);
            if (!found.TryGet(out var build))
                return Outcome.Failed<Done>(found.Problems);
            var examined = await AgentExamination.HoldAsync(home, cluster, build, cancel);
            if (!examined.TryGet(out var proof))
                return Outcome.Failed<Done>(examined.Problems);
            await tell("check", $"{proof.Version} in {build.Folder} has read the store: {proof.Services} services");
            foreach (var (service, supervisor) in supervisors.Clients)
            {
                await fresh(cancel);
                var replaced = await ReplaceSupervisorAsync(actor, service, supervisor, build, proof.Version);
                if (!replaced.TryGet(out var serves))
                    return Outcome.Failed<Done>(replaced.Problems);
                await tell("supervisor", $"{serves.Version} keeps {service ?? "the services"} (PID {serves.Pid})");
            }

            await fresh(cancel);
            return await ReplaceAgentAsync(actor, build, proof.Version, tell);
        }
        finally
        {
            free.Release();
        }
    }

    public static Problem NoRight(string caller) => new(ProblemKind.Refused, "upgrade.no-right", $"{caller} may not replace this node's programs.")
    {
        Why = "they run with the node's rights, which are more than a member of its group has",
        Mend = "ask root, or use the agent's own account",
    };

    public void Dispose() => free.Dispose();

    private Task<Outcome<SupervisorIdentity>> ReplaceSupervisorAsync(Actor actor, string? service, SupervisorClient supervisor, ProductBuild build, string version) =>
        record.AroundAsync(
            actor, Succession.Action, service is null ? "supervisor" : $"supervisor of {service}", Guid.NewGuid().ToString("n"),
            Succession.Details(build, supervisor.Identity?.Version ?? "", version),
            // What has begun is waited for: a client that goes away does not leave half of it unrecorded.
            () => supervisor.UpgradeAsync(build.Supervisor, CancellationToken.None));

    private async Task<Outcome<Done>> ReplaceAgentAsync(Actor actor, ProductBuild build, string version, Func<string, string, Task> tell)
    {
        if (build.Agent == Environment.ProcessPath)
        {
            await tell("agent", $"{version} runs already");
            return Outcome.Done;
        }

        var intended = record.LeaveOpen(
            actor, Succession.Action, Succession.Target, Guid.NewGuid().ToString("n"), Succession.Details(build, Agent.Version, version));
        if (!intended.IsOk)
            return intended;
        await tell("agent", $"{version} takes over from {Agent.Version} (PID {Environment.ProcessId})");
        succession.Hand(build.Agent);
        return Outcome.Done;
    }
}
