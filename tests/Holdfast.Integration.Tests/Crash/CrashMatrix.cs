using System.Globalization;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;
using Xunit.Abstractions;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>Carries out runs on one node, one after the other: what a run leaves is what the next begins with.</summary>
internal sealed class CrashMatrix(CrashNode node, ITestOutputHelper output)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Some steps come after the command has its answer.</summary>
    private static readonly TimeSpan LateStep = TimeSpan.FromSeconds(2);

    /// <summary>A guard waits longer and longer for supervisors that die in a row; a new one begins anew.</summary>
    private const int DeathsPerGuard = 2;

    private int supervisorDeaths;

    /// <summary>How long the last run took: to prepare, to carry out, and until everything was at rest.</summary>
    private string phases = "";

    public int Runs { get; private set; }

    /// <summary>Runs in which somebody was ended: a step may not come for the n-th time.</summary>
    public int Ended { get; private set; }

    /// <summary>All calls by which our processes change something in an operation in which nobody is ended.</summary>
    public async Task<List<TracedCall>> TraceAsync(CrashOperation operation)
    {
        await CarryOutAsync(operation, new Aim { Roles = Role.Agent | Role.Supervisor | Role.Guard | Role.Cli, Traced = true, Sockets = true });
        return node.Injection.TakeTrace();
    }

    /// <summary>Carries out an operation on a disk that answers as the aim says, until the command has ended.</summary>
    public Task<CommandResult> FailAsync(CrashOperation operation, Aim aim) => CarryOutAsync(operation, aim);

    /// <returns>What was done, and how it went.</returns>
    public async Task<string> RunAsync(CrashRun run)
    {
        try
        {
            var answer = await CarryOutAsync(run.Operation, new Aim
            {
                Roles = run.Actor,
                Action = run.Action,
                At = run.Nth,
                Kind = run.Kind,
                Path = run.Path,
                Sockets = true,
            }, run);
            var said = $"{phases}  {run}: {(node.Injection.Fired > 0 ? "ended" : "not reached")}, answer {answer.ExitCode}";
            output.WriteLine(said);
            return said;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var told = $"{run} ({(node.Injection.Fired > 0 ? "ended" : "not reached")}): {failure.Message}\n{await WordsAsync()}";
            // Of several nodes that fail the test tells the first.
            output.WriteLine(told);
            throw new InvalidOperationException(told, failure);
        }
    }

    private async Task<CommandResult> CarryOutAsync(CrashOperation operation, Aim aim, CrashRun? run = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        if (operation.PrepareAsync is { } prepare)
            await prepare(node);
        await CrashOperation.BringAsync(node, operation.From);
        var checker = new CrashChecker(node, operation);
        await checker.BeginAsync();
        var prepared = TimeProvider.System.GetElapsedTime(began);
        var supervisor = node.Node.SupervisorPid;
        node.Injection.AgentClockAhead = operation.ClockAhead;
        node.Injection.Arm(run is null || run.Actor == run.Victim ? aim : aim with { Victim = run.Victim == Role.Guard ? node.Node.GuardPid : supervisor });

        var command = operation.RunAsync(node);
        if (!operation.EndsAgent)
            await TendAsync(command);
        var answer = await command;
        if (!aim.Traced)
        {
            await WaitForFireAsync();
            node.Injection.Disarm();
        }

        if (run is not null)
        {
            // The end of a process takes a moment, and the checker must not find it alive.
            if (node.Injection.Fired > 0)
                await Eventually.SeeAsync($"the end of PID {node.Injection.Ended}", () => !TestNode.Lives(node.Injection.Ended));
            if (run.Victim == Role.Agent && node.Injection.Fired > 0 && node.Node.AgentPid == node.Injection.Ended)
                await Eventually.SeeAsync("an agent that has ended", () => node.Node.AgentHasEnded);
        }

        await TendAsync(Task.CompletedTask);
        var ran = TimeProvider.System.GetElapsedTime(began);
        await checker.JudgeAsync(answer);
        var all = TimeProvider.System.GetElapsedTime(began);
        phases = string.Create(CultureInfo.InvariantCulture, $"{prepared.TotalSeconds,5:0.0} + {(ran - prepared).TotalSeconds:0.0} + {(all - ran).TotalSeconds:0.0} s");

        node.Injection.AgentClockAhead = TimeSpan.Zero;
        Runs++;
        if (run is not null && node.Injection.Fired > 0)
            Ended++;
        if (supervisor != node.Node.SupervisorPid && ++supervisorDeaths >= DeathsPerGuard)
            await ReplaceGuardAsync();
        return answer;
    }

    /// <summary>What the node says of itself.</summary>
    private async Task<string> WordsAsync()
    {
        var log = File.Exists(new SupervisorPlace(node.Home).Log) ? File.ReadLines(new SupervisorPlace(node.Home).Log).TakeLast(20) : [];
        var instances = (await node.ListAsync() ?? []).Select(instance => instance.ToString());
        return string.Join('\n', instances.Concat(log));
    }

    /// <summary>Whatever becomes of the agent meanwhile: as long as the command runs, there is one.</summary>
    private async Task TendAsync(Task command)
    {
        do
        {
            if (node.Node.AgentHasEnded)
            {
                node.Injection.Disarm();
                await node.StartAgentAsync();
            }

            await Task.WhenAny(command, Task.Delay(Look, TimeProvider.System));
        }
        while (!command.IsCompleted);
    }

    private async Task WaitForFireAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (node.Injection.Fired == 0 && TimeProvider.System.GetElapsedTime(began) < LateStep)
            await TendAsync(Task.Delay(Look, TimeProvider.System));
    }

    private async Task ReplaceGuardAsync()
    {
        var guard = node.Node.GuardPid;
        if (guard > 0)
            TestNode.Signal(guard, 9);
        await Eventually.SeeAsync("another guard", () => node.Node.GuardPid is var next and > 0 && next != guard);
        supervisorDeaths = 0;
    }
}
