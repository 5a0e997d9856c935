using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Loop;

/// <summary>A hook or an exec probe while it runs, in a container of its own: it ends as a whole, and takes nothing of the service with it.</summary>
internal sealed class SideRun(long run, IContainer container, ChildProcess process, TimeSpan since, TimeSpan due, Action<string?, TimeSpan> finish)
{
    public long Run => run;

    public IContainer Container => container;

    public ChildProcess Process => process;

    /// <summary>When it is killed.</summary>
    public TimeSpan Due => due;

    public bool TimedOut { get; set; }

    public bool Ended { get; set; }

    /// <summary>Null: it succeeded.</summary>
    public string? Failure { get; set; }

    public SideHandover HandOver(string kind) => new(kind, run, new(process.Pid, process.CreationTime), since, due, TimedOut, Ended, Failure);

    public void Finish(TimeSpan now) => finish(Failure, now - since);
}
