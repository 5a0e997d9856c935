using System.Diagnostics;
using Holdfast.Core.Supervision;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>A member of etcd that runs as a plan says it, kept by the test instead of a supervisor.</summary>
internal sealed class PlannedEtcd(InstancePlan plan) : IDisposable
{
    private readonly List<string> said = [];
    private Process? process;

    public static PlannedEtcd Start(InstancePlan plan)
    {
        var member = new PlannedEtcd(plan);
        member.Start();
        return member;
    }

    public void Start()
    {
        Directory.CreateDirectory(plan.DataFolder);
        var start = new ProcessStartInfo(plan.Executable, plan.Arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = plan.WorkingFolder };
        start.Environment.Clear();
        foreach (var (name, value) in plan.Environment) start.Environment[name] = value;
        process = Process.Start(start)!;
        process.ErrorDataReceived += Hear;
        process.OutputDataReceived += Hear;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>For a test that failed.</summary>
    public string Log()
    {
        lock (said) return string.Join('\n', said);
    }

    public void Dispose()
    {
        if (process is null) return;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (said) said.Add(line.Data ?? "");
    }
}
