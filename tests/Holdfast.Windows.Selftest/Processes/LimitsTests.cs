using Holdfast.Platform;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Patients;
using Holdfast.Windows.Selftest.Running;

namespace Holdfast.Windows.Selftest.Processes;

/// <summary>That limits hold, where Windows has said that it enforces them.</summary>
public sealed class LimitsTests
{
    private const string NotKept = "limits of jobs that are kept";

    [Fact]
    [WineLacks(NotKept)]
    public void More_memory_than_allowed_is_not_had()
    {
        using var host = new HostHarness();
        var limits = new Core.Services.LimitsSpec { MemoryBytes = 256 << 20 };
        Assert.Equal("limited", host.Run(host.Open("narrow", limits), Patient.Launch("memory", "512")).Output);
        Assert.Equal("had", host.Run(host.Open("wide"), Patient.Launch("memory", "512")).Output);
    }

    [Fact]
    [WineLacks(NotKept)]
    public void More_processes_than_allowed_cannot_be_started()
    {
        using var host = new HostHarness();
        var container = host.Open(limits: new() { Processes = 4 });
        Assert.Contains("limits.processes", container.Status.Enforced);
        host.ExitOf(host.StartPatient(container, "many", "8"));
        Assert.InRange(container.Members().Count, 1, 4);
    }

    [Fact]
    [WineLacks("a limit of CPU time")]
    public void A_share_of_the_processors_is_kept_to()
    {
        using var host = new HostHarness();
        var container = host.Open(limits: new() { CpuMillicores = 100 });
        Assert.Contains("limits.cpu", container.Status.Enforced);
        var began = BootClock.SinceBoot;
        var file = Path.Combine(host.Folder, "done");
        host.StartPatient(container, "work", file);
        host.WaitUntil(() => PatientHost.Read(file) == "done", "the work is done");
        // A fifth of a second of work, at a tenth of a processor.
        Assert.True(BootClock.SinceBoot - began > TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_limit_that_is_refused_takes_no_other_along()
    {
        using var host = new HostHarness();
        var status = host.Open(limits: new() { Affinity = "0", Processes = 10, CpuMillicores = 1 }).Status;
        Assert.Contains("limits.processes", status.Enforced);
        Assert.Contains("limits.affinity", status.Enforced);
    }
}
