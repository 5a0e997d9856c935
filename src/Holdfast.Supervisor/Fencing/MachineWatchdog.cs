using System.Runtime.InteropServices;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Fencing;

/// <summary>
/// The watchdog that resets this machine where what acts under a lease cannot be killed, or the supervisor stands still. What is decided is <see cref="WatchdogMachine"/>'s; here are the device and the
/// mark of it. It is its caller's to let one thread at a time in.
/// </summary>
/// <param name="open">Opens a device and sets it.</param>
/// <param name="mark">The file that names what may be armed.</param>
/// <param name="bootId">Of this boot.</param>
/// <param name="now">Since boot, suspend included.</param>
/// <param name="say">What becomes of it, a line each.</param>
internal sealed class MachineWatchdog(Func<string, TimeSpan, Outcome<IWatchdogDevice>> open, string mark, string bootId, Func<TimeSpan> now, Action<string> say) : IDisposable
{
    private WatchdogOrder? order;
    private IWatchdogDevice? device;
    private WatchdogState state = WatchdogMachine.Begin;
    private string said = "";

    /// <summary>Null: none is wanted.</summary>
    public WatchdogReport? Report => order is { } wanted
        ? new(wanted.Device, wanted.Seconds, state is WatchdogState.Armed, state is WatchdogState.Unfit unfit ? unfit.Why : null)
        : null;

    /// <summary>What must stay open for the next image; null: none runs.</summary>
    public SafeHandle? Handle => device?.Handle;

    /// <summary>What is wanted from now on; null: none. One that runs for another order is disarmed, and the next look arms the other.</summary>
    public void Order(WatchdogOrder? wanted)
    {
        if (order is { } before && (wanted is null || before.Device != wanted.Device || before.Seconds != wanted.Seconds))
        {
            if (state is WatchdogState.Armed) Disarm("another one is wanted, or none");
            state = WatchdogMachine.Begin;
        }

        order = wanted;
    }

    /// <summary>A lease was extended, and nothing acts.</summary>
    public void Try() => Take(new WatchdogInput.Extended());

    /// <summary>Something acts, or is about to, until then at the latest; null: it is proven that nothing does.</summary>
    /// <returns>When to look again; null: not before something happens.</returns>
    public TimeSpan? Look(TimeSpan? resetAt) => order is null ? null : Take(resetAt is { } at ? new WatchdogInput.Acts(at) : new WatchdogInput.Empty());

    /// <summary>Arms it for what is about to act. Why that must wait; null: it need not.</summary>
    public string? WhyNotAct(TimeSpan resetAt)
    {
        if (order is null) return null;
        Look(resetAt);
        return state switch
        {
            WatchdogState.Armed => null,
            WatchdogState.Unfit unfit => $"its watchdog cannot be armed: {unfit.Why}",
            _ => "its watchdog is armed when the lease is extended the next time",
        };
    }

    public WatchdogHandover? HandOver() => device is { } armed && state is WatchdogState.Armed until && order is { } wanted
        ? new((int)armed.Handle.DangerousGetHandle(), wanted.Device, wanted.Seconds, until.ExpiresAt)
        : null;

    /// <summary>Goes on with what the image before has armed.</summary>
    public void TakeOver(WatchdogHandover earlier, IWatchdogDevice taken)
    {
        order = new(earlier.Device, earlier.Seconds, TimeSpan.Zero);
        device = taken;
        state = new WatchdogState.Armed(earlier.ExpiresAt);
    }

    /// <summary>One that is armed then runs on: it is disarmed only where nothing acts.</summary>
    public void Dispose() => device?.Dispose();

    private TimeSpan? Take(WatchdogInput input)
    {
        if (order is not { } wanted) return null;
        var timeout = TimeSpan.FromSeconds(wanted.Seconds);
        var step = WatchdogMachine.Step(state, input, timeout, now());
        state = step.State;
        switch (step.Effect)
        {
            case WatchdogEffect.Try or WatchdogEffect.Arm:
                return Take(Open(wanted, timeout, runs: step.Effect == WatchdogEffect.Arm));
            case WatchdogEffect.Pet:
                var asked = now();
                var petted = device!.Pet();
                if (petted.IsOk) return Take(new WatchdogInput.Petted(asked)) ?? now();
                Say($"{wanted.Device}: {string.Join("; ", petted.Problems)}");
                return null;
            case WatchdogEffect.Disarm:
                Disarm(step.Reason);
                break;
        }

        if (state is WatchdogState.Unfit) Say($"{wanted.Device} cannot be had, and nothing that leads is started: {step.Reason}");
        return step.LookAt;
    }

    private WatchdogInput Open(WatchdogOrder wanted, TimeSpan timeout, bool runs)
    {
        var asked = now();
        WatchdogMark.Write(mark, bootId, wanted.Device, wanted.Seconds);
        var opened = open(wanted.Device, timeout);
        if (!opened.TryGet(out device))
        {
            WatchdogMark.Delete(mark);
            return new WatchdogInput.Refused(string.Join("; ", opened.Problems));
        }

        var granted = device.Timeout;
        Say($"{wanted.Device} ({device.Identity}) {(runs ? "is armed" : "can be armed")}, set to {granted.TotalSeconds} s");
        if (!runs) Disarm(null);
        return new WatchdogInput.Granted(granted, asked, runs);
    }

    private void Disarm(string? why)
    {
        var disarmed = device!.Disarm();
        device.Dispose();
        device = null;
        if (!disarmed.IsOk) Say(string.Join("; ", disarmed.Problems));
        else if (why is not null) Say($"{order!.Device} is disarmed: {why}");
        if (disarmed.IsOk) WatchdogMark.Delete(mark);
    }

    private void Say(string line)
    {
        if (line == said) return;
        said = line;
        say(line);
    }
}
