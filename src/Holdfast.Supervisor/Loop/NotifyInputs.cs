using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Loop;

/// <summary>A datagram may say several things at once; each becomes an input of its own.</summary>
internal static class NotifyInputs
{
    public static void Add(List<Input> inputs, long run, NotifyMessage message)
    {
        if (message.Status is { } status) inputs.Add(new Input.SaidStatus(run, status));
        if (message.ExtendTimeout is { } more) inputs.Add(new Input.SaidMoreTime(run, more));
        if (message.Watchdog) inputs.Add(new Input.SaidAlive(run));
        if (message.WatchdogTriggered) inputs.Add(new Input.SaidBroken(run));
        if (message.Ready) inputs.Add(new Input.SaidReady(run));
        if (message.Stopping) inputs.Add(new Input.SaidStopping(run));
        if (message.MainPid is { } pid) inputs.Add(new Input.SaidForbidden(run, $"MAINPID={pid} was refused: the main process is the one that was started"));
    }
}
