using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Loop;

/// <summary>
/// What the service manager is told by a supervisor that is a unit of its own: READY when its service is ready, or will not become
/// so by itself (stopped on purpose, completed, failed, nothing to keep yet), so that a boot never hangs on it; and in words how it is.
/// </summary>
internal sealed class UnitNotice(SupervisorLoop loop)
{
    private string told = "";
    private bool ready;

    public void Look()
    {
        var statuses = loop.Statuses.ToList();
        var words = statuses.Count == 0 ? "nothing to keep yet" : string.Join("; ", statuses.Select(one => $"{one.Instance} is {one.State.Word()}: {one.Reason}"));
        if (words != told)
        {
            told = words;
            ServiceManager.Status(words);
        }

        if (ready || loop.Ending || !statuses.All(IsSettled)) return;
        ready = true;
        ServiceManager.Ready();
    }

    private static bool IsSettled(InstanceStatus one) =>
        one is { State: InstanceState.Running or InstanceState.Paused, Ready: true } or { State: InstanceState.Stopped, Wanted: RunState.Stopped } or { State: InstanceState.Failed or InstanceState.Completed };
}
