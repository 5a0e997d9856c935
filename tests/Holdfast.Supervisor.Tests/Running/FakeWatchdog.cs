using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Tests.Running;

/// <summary>
/// A fake: this machine has no watchdog. As the kernel's watchdog-api has it: there is one owner, opening it starts it, each pet lets it count anew, it resets the machine at zero, and only a disarming
/// stops it: to be closed without one does not.
/// </summary>
internal sealed class FakeWatchdog
{
    private readonly Lock gate = new();
    private TimeSpan resetsAt = TimeSpan.MaxValue;
    private Opened? holder;

    /// <summary>What its driver makes of what it is set to.</summary>
    public Func<TimeSpan, TimeSpan> Grant { get; set; } = wanted => wanted;

    /// <summary>Why it cannot be opened; null: it can.</summary>
    public Problem? Busy { get; set; }

    public int Pets { get; private set; }

    public int Openings { get; private set; }

    /// <summary>It runs: without a pet the machine is reset.</summary>
    public bool Runs
    {
        get
        {
            lock (gate) return resetsAt != TimeSpan.MaxValue;
        }
    }

    /// <summary>When it resets, or has reset, the machine.</summary>
    public TimeSpan ResetsAt
    {
        get
        {
            lock (gate) return resetsAt;
        }
    }

    public bool HasReset => BootClock.SinceBoot >= ResetsAt;

    public Outcome<IWatchdogDevice> Open(string device, TimeSpan timeout)
    {
        lock (gate)
        {
            if (Busy is { } busy) return busy;
            if (holder is not null) return new Problem(ProblemKind.Conflict, "watchdog.busy", "held by another");
            Openings++;
            return holder = new Opened(this, Grant(timeout));
        }
    }

    private void Count(TimeSpan timeout)
    {
        lock (gate)
        {
            // What has reset the machine is petted by nobody any more.
            if (BootClock.SinceBoot < resetsAt) resetsAt = BootClock.SinceBoot + timeout;
        }
    }

    private void Stop()
    {
        lock (gate) resetsAt = TimeSpan.MaxValue;
    }

    private void Close(Opened which)
    {
        lock (gate)
        {
            if (holder == which) holder = null;
        }
    }

    private sealed class Opened : IWatchdogDevice
    {
        private readonly FakeWatchdog device;

        public Opened(FakeWatchdog device, TimeSpan timeout)
        {
            (this.device, Timeout) = (device, timeout);
            device.Count(timeout);
        }

        public string Identity => "fake";

        public TimeSpan Timeout { get; }

        public SafeHandle Handle => throw new NotSupportedException("it has no descriptor");

        public Outcome<Done> Pet()
        {
            device.Pets++;
            device.Count(Timeout);
            return Outcome.Done;
        }

        public Outcome<Done> Disarm()
        {
            device.Stop();
            Dispose();
            return Outcome.Done;
        }

        public void Dispose() => device.Close(this);
    }
}
