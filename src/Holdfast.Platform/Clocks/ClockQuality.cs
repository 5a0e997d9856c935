using System.Globalization;

namespace Holdfast.Platform;

/// <summary>What the system knows of how right its wall clock is. It says nothing of whether a time server that it follows tells the truth.</summary>
public static class ClockQuality
{
    public const string Unknown = "unknown";
    public const string Unsynchronised = "unsynchronised";

    /// <summary>
    /// <c>synchronised within 12ms</c> (an upper bound), <c>synchronised</c> where the bound is not known, <c>unsynchronised</c>, or <c>unknown</c>.
    /// On Linux the kernel tells it (adjtimex); on Windows only whether a time service adjusts the clock can be told. It costs a system call.
    /// </summary>
    public static string Read() =>
        OperatingSystem.IsLinux() ? Linux.ClockDiscipline.Read()
        : OperatingSystem.IsWindows() ? Windows.Clocks.ClockDiscipline.Read()
        : Unknown;

    /// <param name="bound">Upper.</param>
    internal static string Within(TimeSpan bound) => string.Create(CultureInfo.InvariantCulture, $"synchronised within {Math.Ceiling(bound.TotalMilliseconds):0}ms");
}
