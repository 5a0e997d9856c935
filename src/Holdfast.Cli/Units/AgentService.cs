using System.Runtime.Versioning;
using Holdfast.Cli.Output;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Node.Hosting;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Processes;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Cli.Units;

/// <summary>The agent as a service of Windows: Running when it answers. A stop ends it within moments, and what it has deployed runs on.</summary>
/// <param name="serve">Runs the agent until the second token is cancelled; calls back when it answers. The first says that the machine goes down: what leads here is handed over then, and the agent ends by itself.</param>
[SupportedOSPlatform("windows")]
internal sealed class AgentService(Func<Action, CancellationToken, CancellationToken, Task<Outcome<AgentEnd>>> serve) : INativeServiceBody, IDisposable
{
    private readonly CancellationTokenSource stopping = new(), goingDown = new();

    /// <summary>The exit code. Its words go to the agent's log: the SCM gives a process no stderr.</summary>
    public static int Run(CliContext cli, Terminal terminal, Func<Action, CancellationToken, CancellationToken, Task<Outcome<AgentEnd>>> serve)
    {
        Directory.CreateDirectory(cli.Home.Path);
        OwnLog.Hold(cli.Home.AgentLog);
        Console.SetError(AppendedLog.Open(cli.Home.AgentLog));
        using var agent = new AgentService(serve);
        var ran = NativeServiceHost.Run(NodeServices.Agent, () => agent);
        return ran.IsOk ? ExitCode.Ok : terminal.Fail(ran.Problems);
    }

    public NativeServicePlan Begin(NativeServiceLink link)
    {
        _ = Task.Run(() => KeepAsync(link));
        return NodeServices.AgentPlan(ServiceControlManager.Local().HasPreshutdown(NodeServices.Agent));
    }

    public void CarryOut(NativeEffect effect)
    {
        // It has nothing of its own to bring down. Before the machine goes down others are to lead what leads here; what takes too long is ended by KillInstance.
        if (effect is NativeEffect.StopInstance { MachineGoesDown: true }) goingDown.Cancel();
        else if (effect is NativeEffect.StopInstance or NativeEffect.KillInstance or NativeEffect.CloseHost) stopping.Cancel();
    }

    public void Dispose()
    {
        stopping.Dispose();
        goingDown.Dispose();
    }

    private async Task KeepAsync(NativeServiceLink link)
    {
        try
        {
            var ended = await serve(() => link.Tell(new NativeInput.BecameReady()), goingDown.Token, stopping.Token);
            if (!ended.IsOk)
            {
                foreach (var problem in ended.Problems) await Console.Error.WriteLineAsync(problem.ToString());
                link.Tell(new NativeInput.HostFailed(ended.Problems[0].ToString()));
                return;
            }

            link.Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "the agent has ended"));
            link.Tell(new NativeInput.HostClosed());
        }
        catch (Exception bug)
        {
            await Console.Error.WriteLineAsync(bug.ToString());
            link.Tell(new NativeInput.HostFailed(bug.Message));
        }
    }
}
