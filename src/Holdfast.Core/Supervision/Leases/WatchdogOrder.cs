using System.Globalization;

namespace Holdfast.Core.Supervision.Leases;

/// <summary>By which watchdog of the kernel's a supervisor lets the machine be reset where what acts under a lease cannot be killed.</summary>
/// <param name="Device">Absolute path: <c>/dev/watchdog</c>.</param>
/// <param name="Seconds">What it is set to.</param>
/// <param name="ResetAt">By then the machine must have been reset if something still acts; on the clock since boot that counts suspend.</param>
public sealed record WatchdogOrder(string Device, int Seconds, TimeSpan ResetAt);

/// <summary>How it stands with a supervisor's watchdog.</summary>
/// <param name="Armed">Something acts, and the machine is reset if it is not petted.</param>
/// <param name="Why">Why it cannot be had: then nothing that leads is started. Null: it can.</param>
public sealed record WatchdogReport(string Device, int Seconds, bool Armed, string? Why)
{
    /// <summary>In words.</summary>
    public override string ToString() => Why ?? string.Create(CultureInfo.InvariantCulture, $"{Device} {(Armed ? "is armed" : "can be armed")}, set to {Seconds} s");
}

/// <summary>A watchdog that runs, as one image of a supervisor leaves it to the next.</summary>
/// <param name="Descriptor">Of the device, which stays open.</param>
/// <param name="ExpiresAt">If nobody pets it before.</param>
public sealed record WatchdogHandover(int Descriptor, string Device, int Seconds, TimeSpan ExpiresAt)
{
    /// <summary>By when the machine must have been reset if something under that lease still acts (<see cref="WatchdogOrder.ResetAt"/>).</summary>
    public IReadOnlyDictionary<long, TimeSpan> ResetsAt { get; init => field = value ?? new Dictionary<long, TimeSpan>(); } = new Dictionary<long, TimeSpan>();
}
