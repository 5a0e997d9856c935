using System.Diagnostics;

namespace Holdfast.Testing;

/// <summary>What a long run has measured, for who reads it afterwards: the output of a test that passes is shown by no summary.</summary>
public static class SoakReport
{
    private static readonly Lock Gate = new();

    /// <summary>Appends to the file of HOLDFAST_SOAK_REPORT, which <c>./build.sh soak</c> sets and shows at its end; without it does nothing.</summary>
    public static void Keep(string text)
    {
        if (Environment.GetEnvironmentVariable("HOLDFAST_SOAK_REPORT") is not { Length: > 0 } file) return;
        lock (Gate) File.AppendAllText(file, text.TrimEnd('\n') + "\n");
    }

    /// <summary>User and system time of a process so far.</summary>
    public static TimeSpan ProcessorTimeOf(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime;
    }
}
