using Holdfast.Core.Health;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Supervisor.Probing;
using Holdfast.Testing.Processes;

namespace Holdfast.Supervisor.Tests.Probing;

/// <summary>A prober and the turns of a loop around it.</summary>
internal sealed class ProbeAsking(HostHarness harness)
{
    public Prober Prober { get; } = new(harness.Host, BootClock.Instance);

    public ProbeVerdict Ask(ProbeSpec probe, int port)
    {
        var told = new List<ProbeVerdict>();
        Prober.Start(Plan(port), probe, told.Add);
        TurnUntil(() => told.Count > 0);
        return Assert.Single(told);
    }

    /// <summary>As the loop turns.</summary>
    public void TurnUntil(Func<bool> over)
    {
        var events = new List<HostEvent>();
        for (var until = BootClock.SinceBoot + HostHarness.Generous; !over(); Prober.PassTime(BootClock.SinceBoot))
        {
            Assert.True(BootClock.SinceBoot < until, "no verdict was told");
            events.Clear();
            harness.Host.Wait(Prober.UntilNext(BootClock.SinceBoot), events);
            foreach (var ready in events.OfType<HostEvent.Readable>()) Prober.TakeReady(ready.Token);
        }
    }

    /// <summary>A service with the port <c>http</c>.</summary>
    public static InstancePlan Plan(int port) => new()
    {
        Instance = "a-0", Service = "a", Release = 1, PackageDigest = "", AdmissionRecord = "", CodeFolder = "", DataFolder = "", OutputFolder = "",
        WorkingFolder = "", Executable = "", Arguments = [], Environment = new Dictionary<string, string>(), Ports = new Dictionary<string, int> { ["http"] = port },
        Spec = new ServiceSpec { Name = "a", Command = ["a"] },
    };
}
