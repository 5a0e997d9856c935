using System.Runtime.InteropServices;

namespace Holdfast.Platform;

/// <summary>What every factory says on an operating system that has no such thing, or none yet.</summary>
internal static class Unsupported
{
    /// <param name="what">What was asked for, as a noun: <c>waiting on pipes</c>.</param>
    public static PlatformNotSupportedException Here(string what) =>
        new($"Holdfast has no {what} for this operating system ({RuntimeInformation.OSDescription}).");
}
