using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Supervision;
using Holdfast.Platform.Windows.Jobs;
using Holdfast.Platform.Windows.Native;
using Holdfast.Platform.Windows.Processes;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Endpoints;

/// <summary>Held by a handle: Windows gives nobody its number while that is open.</summary>
[SupportedOSPlatform("windows")]
internal sealed class PipePeerProcess : PeerProcess
{
    /// <summary>How the names of our jobs begin.</summary>
    private const string JobPrefix = "holdfast-";

    private readonly SafeProcessHandle process;

    private PipePeerProcess(int pid, SafeProcessHandle process)
        : base(pid) => this.process = process;

    public override bool IsAlive => !process.IsClosed && !ProcessTable.HasEnded(process);

    public static PipePeerProcess? Of(SafeHandle pipe) =>
        Kernel32.GetNamedPipeClientProcessId(pipe, out var pid) && ProcessTable.Open(pid) is { } process ? new(pid, process) : null;

    private protected override InstanceStatus? Find(IReadOnlyList<InstanceStatus> instances)
    {
        var contained = instances.Where(instance => instance.Containment is { Kind: "job", Id: not null }).ToList();
        // Most often it is the main process that calls.
        return contained.OrderByDescending(instance => instance.Pid == Pid).FirstOrDefault(instance => IsIn(instance.Containment.Id!)) ?? ByHook(contained);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) process.Dispose();
    }

    /// <summary>The jobs of hooks and probes have their instance's name, a dot, and what they are.</summary>
    private InstanceStatus? ByHook(List<InstanceStatus> contained)
    {
        try
        {
            var jobs = JobNames.Of(JobPrefix).Select(name => JobNames.Global + name).ToList();
            return contained.FirstOrDefault(instance => jobs.Any(job => job.StartsWith(instance.Containment.Id + ".", StringComparison.OrdinalIgnoreCase) && IsIn(job)));
        }
        catch (IOException)
        {
            // This account may not list them: then hooks are nobody's.
            return null;
        }
    }

    /// <summary>Among the numbers of those alive in it, of which none can be another's while ours is held.</summary>
    private bool IsIn(string name)
    {
        using var job = JobObject.Find(name);
        try
        {
            return job is not null && job.Members().Contains(Pid);
        }
        catch (IOException)
        {
            // It says nothing of itself: then nobody is in it.
            return false;
        }
    }
}
