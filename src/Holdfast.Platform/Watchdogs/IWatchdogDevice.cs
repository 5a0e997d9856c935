using System.Runtime.InteropServices;
using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>
/// A watchdog of the kernel's that was opened: it runs, and resets the machine when it is not petted for as long as it is set to. To dispose of it without disarming leaves it running, as the end of this
/// process does. For one thread at a time.
/// </summary>
public interface IWatchdogDevice : IDisposable
{
    /// <summary>As its driver calls itself: <c>iTCO_wdt</c>, <c>Software Watchdog</c>.</summary>
    string Identity { get; }

    /// <summary>What it is set to, as its driver says: what was asked for may have been rounded.</summary>
    TimeSpan Timeout { get; }

    /// <summary>What must stay open for the next image of this process.</summary>
    SafeHandle Handle { get; }

    /// <summary>It counts anew. Problems: <c>watchdog.pet</c>.</summary>
    Outcome<Done> Pet();

    /// <summary>It does not run any more, and is closed. Problems: <c>watchdog.disarm</c>: then it runs on.</summary>
    Outcome<Done> Disarm();
}
