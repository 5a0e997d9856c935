using System.Diagnostics;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Supervision;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Windows.Selftest.Patients;

/// <summary>A native service whose supervised instance is a script. What it is told to do, it writes into a file.</summary>
internal sealed class ScriptedService(ServiceScript script, string trace) : INativeServiceBody
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    private readonly ManualResetEventSlim stopped = new();
    private NativeServiceLink? link;

    public static int Run(string name, string script, string trace)
    {
        var ended = NativeServiceHost.Run(name, () => new ScriptedService(ServiceScript.Read(script), trace));
        foreach (var problem in ended.Problems) Console.Error.WriteLine(problem);
        return ended.IsOk ? 0 : 5;
    }

    public NativeServicePlan Begin(NativeServiceLink link)
    {
        this.link = link;
        new Thread(Live) { IsBackground = true }.Start();
        return new()
        {
            StopWithin = (script.StopSteps * script.StopGap) + Slack,
            Pause = script.CanPause ? PauseWay.Suspend : null,
            PauseWithin = Slack,
            CanReload = script.CanReload,
            PreshutdownWithin = TimeSpan.FromSeconds(60),
        };
    }

    public void CarryOut(NativeEffect effect)
    {
        File.AppendAllText(trace, effect.GetType().Name + "\n");
        switch (effect)
        {
            case NativeEffect.StopInstance: stopped.Set(); break;
            case NativeEffect.KillInstance: Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "killed")); break;
            case NativeEffect.PauseInstance: Tell(new NativeInput.PauseDone()); break;
            case NativeEffect.ContinueInstance: Tell(new NativeInput.ContinueDone()); break;
            case NativeEffect.CloseHost: Tell(new NativeInput.HostClosed()); break;
        }
    }

    /// <summary>The instance's life, on a thread of its own.</summary>
    private void Live()
    {
        if (!Start() || !BecomeWhatItIs()) return;
        stopped.Wait();
        for (var i = 0; i < script.StopSteps; i++)
        {
            Pause(script.StopGap);
            Tell(new NativeInput.Progressed($"stop step {i + 1}", script.StopGap + Slack));
        }

        Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "stopped"));
    }

    /// <summary>False: it was stopped on the way, and has ended.</summary>
    private bool Start()
    {
        for (var i = 0; i < script.StartSteps; i++)
        {
            Tell(new NativeInput.Progressed($"step {i + 1}", script.StartGap + Slack));
            if (!stopped.Wait(script.StartGap)) continue;
            Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "stopped while it started"));
            return false;
        }

        return true;
    }

    private bool BecomeWhatItIs()
    {
        switch (script.Outcome)
        {
            case "ready":
                Tell(new NativeInput.BecameReady());
                return true;
            case "fail":
                Tell(new NativeInput.Ended(new NativeEnd.Failed(new ExitInfo(script.FailCode, null, false, default)), "given up after 3 restarts"));
                return false;
            case "die":
                Process.GetCurrentProcess().Kill();
                return false;
            default:
                return true;
        }
    }

    private static void Pause(TimeSpan time)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(time);
    }

    private void Tell(NativeInput input) => link!.Tell(input);
}
