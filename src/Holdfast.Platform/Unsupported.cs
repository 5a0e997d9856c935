using System.Runtime.InteropServices;

namespace Holdfast.Platform;

/// <summary>What every factory says on an operating system whose side is not built yet.</summary>
internal static class Unsupported
{
    /// <param name="what">What was asked for, as a noun: <c>waiting on pipes</c>.</param>
    public static PlatformNotSupportedException Here(string what) =>
        new($"Holdfast has no {what} for this operating system yet ({RuntimeInformation.OSDescription}); it runs on Linux.");
}
