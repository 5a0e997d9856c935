using System.Runtime.InteropServices;
using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>
/// How a process becomes another build of itself: the same PID, the same children, and the descriptors that it names. Everything else of it ends:
/// threads, timers, sockets.
/// </summary>
public static class NextImage
{
    /// <summary>Why no process of this host can; null: it can.</summary>
    public static Problem? Refusal => OperatingSystem.IsWindows()
        ? new(ProblemKind.Refused, "upgrade.in-place", "On Windows a process cannot become another build of itself.")
        {
            Why = "versions lie side by side there, and a service moves to the new one at its next start",
        }
        : null;

    /// <summary>
    /// Ends this image and begins the next one. Signals that ask for an end wait for that one's <see cref="HearSignals"/>: none is lost, and none
    /// ends it before it can stop anything in order.
    /// </summary>
    /// <remarks>Call it on the thread that gives birth to children: the kernel's parent-death signal follows that thread.</remarks>
    /// <param name="executable">Absolute path.</param>
    /// <param name="environment">All of it.</param>
    /// <param name="keep">What stays open, under the same numbers.</param>
    /// <returns>Only where it has failed: why. Then nothing has changed.</returns>
    public static Problem Become(
        string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, IReadOnlyList<SafeHandle> keep)
    {
        ArgumentException.ThrowIfNullOrEmpty(executable);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(keep);
        return OperatingSystem.IsLinux()
            ? Linux.PosixNextImage.Become(executable, arguments, environment, keep)
            : Refusal ?? throw Unsupported.Here("becoming another image");
    }

    /// <summary>In the next image, when it can act on them: signals that came meanwhile are delivered now. On the first thread.</summary>
    public static void HearSignals()
    {
        if (OperatingSystem.IsLinux()) Linux.PosixNextImage.HearSignals();
    }

    /// <summary>In the next image: a descriptor that was kept. It is nobody else's from now on, and no child's.</summary>
    /// <exception cref="IOException">There is none of that number.</exception>
    public static Microsoft.Win32.SafeHandles.SafeFileHandle Take(int descriptor) =>
        OperatingSystem.IsLinux() ? Linux.PosixNextImage.Take(descriptor) : throw Unsupported.Here("becoming another image");
}
