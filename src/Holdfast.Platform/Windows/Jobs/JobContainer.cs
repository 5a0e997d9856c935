using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;

namespace Holdfast.Platform.Windows.Jobs;

/// <summary>One instance's job object. Its name is its id: other processes of this account read its accounting by it.</summary>
[SupportedOSPlatform("windows")]
internal sealed class JobContainer : IContainer
{
    private readonly Action<JobContainer> forget;
    private readonly JobSuspension suspension = new();
    private LimitsSpec? limits;

    public JobContainer(JobObject job, string name, string id, LimitsSpec limits, Action<JobContainer> forget)
    {
        (Job, Name, Id, this.forget) = (job, name, id, forget);
        Limit(limits);
    }

    public JobObject Job { get; }

    public string Name { get; }

    public string Id { get; }

    public ContainmentStatus Status { get; private set; } = new();

    public bool IsEmpty => Job.Handle.IsClosed || Job.ActiveProcesses == 0;

    /// <summary>The limits that hold for what is started now.</summary>
    public LimitsSpec Limits => limits!;

    /// <summary>Started children whose exits are not told yet: while there are some, emptiness is not told.</summary>
    public int Children { get; set; }

    /// <summary>Something was started since emptiness was last told.</summary>
    public bool WasUsed { get; set; }

    /// <summary>It was killed as a whole since something was last started in it.</summary>
    public bool WasKilled { get; set; }

    public IReadOnlyList<int> Members() => Job.Handle.IsClosed ? [] : Job.Members();

    public void Kill()
    {
        if (Job.Handle.IsClosed) return;
        WasKilled = true;
        Job.Kill();
        suspension.Forget();
    }

    public void KillFromAnywhere()
    {
        if (!Job.Handle.IsClosed) Job.Kill();
    }

    public Outcome<bool> Suspend()
    {
        if (Job.Handle.IsClosed) return true;
        return suspension.Suspend(Job.Members);
    }

    public Outcome<Done> LetRun() => suspension.LetRun();

    public void Limit(LimitsSpec limits)
    {
        if (ReferenceEquals(limits, this.limits)) return;
        this.limits = limits;
        var (enforced, not) = JobLimits.Apply(Job, limits);
        Status = new() { Kind = "job", Id = Id, Enforced = enforced, NotEnforced = not };
    }

    /// <summary>Nobody takes it over: a process that ends takes its jobs along.</summary>
    public ContainerHandover HandOver() => new(Name, WasUsed, WasKilled, []);

    public Outcome<Done> Remove()
    {
        if (!IsEmpty)
            return new Problem(ProblemKind.Conflict, "container.not-removed", $"Cannot remove the container {Id}.") { Why = "there is still a process in it" };
        suspension.Forget();
        forget(this);
        Job.Dispose();
        return Outcome.Done;
    }
}
