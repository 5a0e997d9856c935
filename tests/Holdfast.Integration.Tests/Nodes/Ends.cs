using Holdfast.Platform;

namespace Holdfast.Integration.Tests.Nodes;

/// <summary>Watches processes by the kernel's handles of them: when the last is gone is known to the moment, and costs no CPU.</summary>
public sealed class Ends : IDisposable
{
    private readonly List<HeldProcess> held = [];
    private readonly Readiness readiness = Readiness.Create();
    private readonly TimeSpan began = BootClock.SinceBoot;

    public Ends(IEnumerable<int> pids)
    {
        foreach (var pid in pids)
        {
            var process = HeldProcess.Take(pid, ProcessFacts.Read(pid)?.CreationTime ?? 0) ?? throw new InvalidOperationException($"PID {pid} has ended already.");
            held.Add(process);
            readiness.Add(process.Handle, pid);
        }

        began = BootClock.SinceBoot;
    }

    /// <summary>Since this was made.</summary>
    public TimeSpan WaitForAll()
    {
        var events = new ReadyEvent[1];
        foreach (var process in held)
        {
            while (ProcessFacts.IsAlive(process.Pid, process.CreationTime))
            {
                Assert.True(BootClock.SinceBoot - began < TimeSpan.FromSeconds(60), $"PID {process.Pid} does not end.");
                readiness.Wait(events, TimeSpan.FromSeconds(1));
            }

            readiness.Remove(process.Handle);
        }

        return BootClock.SinceBoot - began;
    }

    public void Dispose()
    {
        readiness.Dispose();
        held.ForEach(process => process.Dispose());
    }
}
