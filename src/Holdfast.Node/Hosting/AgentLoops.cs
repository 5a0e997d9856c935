using Holdfast.Node.Api;
using Holdfast.Node.Clusters;
using Holdfast.Node.Supervisors;
using Holdfast.Rpc.Server;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Hosting;

/// <summary>What the agent does by itself, until it is cancelled. A loop that ends by anything else is a bug and ends the agent, which is started again.</summary>
/// <param name="certificates">Null: nobody calls by one.</param>
internal sealed class AgentLoops(AgentParts parts, AgentOptions options, RpcServer server, NodeCertificates? certificates, ILogger log)
{
    private static readonly TimeSpan SupervisorCheck = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StreamCheck = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TidyEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetireEvery = TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] loops =
        [
            parts.Reconciler.RunAsync(ending.Token),
            parts.Cluster is { } cluster ? ClusterAsync(cluster, ending.Token) : parts.Watch.WatchAsync(parts.WakeUp.Call, ending.Token),
            WatchSupervisorAsync(ending.Token),
            options.SupervisorExecutable is { } executable ? KeepSupervisorAsync(executable, ending.Token) : Task.Delay(Timeout.InfiniteTimeSpan, parts.Time, ending.Token),
            RetireAuditAsync(ending.Token),
            WatchPoliciesAsync(ending.Token),
            parts.Cluster is not null ? parts.Cosigners.RunAsync(ending.Token) : Task.Delay(Timeout.InfiniteTimeSpan, parts.Time, ending.Token),
            parts.Shipping.RunAsync(ending.Token),
            parts.Output.RunAsync(ending.Token),
            parts.Files.RunAsync(ending.Token),
            parts.Events.RunAsync(ending.Token),
            parts.Records.RunAsync(ending.Token),
            TidyAsync(ending.Token),
            options.Listen is not null || parts.Cluster is not null ? parts.Renewal.RunAsync(ending.Token) : Task.Delay(Timeout.InfiniteTimeSpan, parts.Time, ending.Token),
            parts.Revocations is { } revocations ? revocations.RunAsync(ending.Token) : Task.Delay(Timeout.InfiniteTimeSpan, parts.Time, ending.Token),
            HandOverAsync(ending.Token),
            certificates is not null ? EndRevokedStreamsAsync(certificates, ending.Token) : Task.Delay(Timeout.InfiniteTimeSpan, parts.Time, ending.Token),
        ];
        await Task.WhenAny(loops);
        await ending.CancelAsync();
        foreach (var loop in loops)
            await UnlessCancelledAsync(loop, ending.Token);
    }

    private async Task WatchSupervisorAsync(CancellationToken cancel)
    {
        var seen = 0L;
        while (!cancel.IsCancellationRequested)
        {
            seen = await parts.Supervisor.WaitForChangeAsync(seen, cancel);
            // What leads hands over the sooner the sooner its end is seen.
            if (parts.Cluster?.Leadership.IsUrgent == true) parts.WakeUp.Call();
            else parts.WakeUp.Mention();
        }
    }

    private Task ClusterAsync(ClusterParts cluster, CancellationToken cancel)
    {
        parts.Supply!.Ending = cancel;
        return cluster.RunAsync(parts.Placement!, parts.EtcdLeader!, parts.FencingWatch!, parts.WakeUp, cancel);
    }

    /// <summary>Starts the supervisor where nothing else does, and again when it has died.</summary>
    private async Task KeepSupervisorAsync(string executable, CancellationToken cancel)
    {
        var told = "";
        while (!cancel.IsCancellationRequested)
        {
            var running = await SupervisorLauncher.EnsureRunningAsync(new(options.Home), parts.Time, cancel, executable);
            var began = parts.Time.GetTimestamp();
            var problems = string.Join("; ", running.Problems);
            if (problems.Length > 0 && problems != told)
                AgentLog.NoSupervisor(log, problems);
            told = problems;
            if (running.TryGet(out var client))
            {
                // Its end is told, not asked for: nothing wakes while it lives, and its services do not wait for a next look.
                await using (client)
                    await client.WaitForLossAsync(cancel);
            }

            // One that does not stay is not started without end.
            if (parts.Time.GetElapsedTime(began) < SupervisorCheck)
                await Task.Delay(SupervisorCheck, parts.Time, cancel);
        }
    }

    /// <summary>A call is judged when it begins; one that goes on for days is judged again and again.</summary>
    private async Task EndRevokedStreamsAsync(NodeCertificates judge, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(StreamCheck, parts.Time, cancel);
            await server.EndStreamsAsync(context => Caller.NoLonger(context, judge.Refuse, parts.Refusals));
        }
    }

    /// <summary>Ends when the machine goes down and nothing leads here any more, or that cannot be had: the agent ends with it.</summary>
    private async Task HandOverAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, options.MachineGoesDown);
        await Task.Delay(Timeout.InfiniteTimeSpan, parts.Time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        if (parts.Handover is not { } handover) return;
        var done = await handover.RunAsync("", goesDown: true, NodeHandover.UsuallyWithin, new(Guid.NewGuid().ToString("n"), "the operating system"), said => AgentLog.Handover(log, said)).WaitAsync(cancel);
        AgentLog.Handover(log, done.IsOk ? done.Value : string.Join("; ", done.Problems));
    }

    private async Task RetireAuditAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var retired = parts.Audit.Retire();
            if (!retired.IsOk)
                AgentLog.NotRetired(log, string.Join("; ", retired.Problems));
            await Task.Delay(RetireEvery, parts.Time, cancel);
        }
    }

    private async Task WatchPoliciesAsync(CancellationToken cancel)
    {
        var told = "";
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(PolicyWatch.Every, parts.Time, cancel);
            var problems = string.Join("; ", parts.Policies.Look().Problems);
            if (problems.Length > 0 && problems != told) AgentLog.PolicyNotRecorded(log, problems);
            told = problems;
        }
    }

    private async Task TidyAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(TidyEvery, parts.Time, cancel);
            var tidied = await parts.Housekeeping.TidyAsync(cancel);
            if (!tidied.IsOk)
                AgentLog.NotTidied(log, string.Join("; ", tidied.Problems));
        }
    }

    private static async Task UnlessCancelledAsync(Task loop, CancellationToken cancel)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // It was asked to end.
        }
    }
}
