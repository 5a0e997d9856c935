using System.Diagnostics;

namespace Holdfast.Testing.Storage;

/// <summary>A process that works and says what it has finished, line by line, until it is killed without warning.</summary>
public sealed class CrashingProcess : IDisposable
{
    private readonly Process process;

    private CrashingProcess(Process process) => this.process = process;

    /// <summary>Starts the entry point of a test assembly.</summary>
    public static CrashingProcess Start(string assembly, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", assembly, .. arguments]) { RedirectStandardOutput = true };
        return new CrashingProcess(Process.Start(start)!);
    }

    /// <summary>Waits for so many lines, kills it (SIGKILL), and returns every line that it still got out.</summary>
    public async Task<List<string>> KillAfterAsync(int lines, CancellationToken deadline)
    {
        var said = new List<string>();
        while (said.Count < lines && await process.StandardOutput.ReadLineAsync(deadline) is { } line)
            said.Add(line);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync(deadline) is { } line)
            said.Add(line);
        await process.WaitForExitAsync(deadline);
        if (said.Count < lines)
            throw new InvalidOperationException($"It ended by itself after {said.Count} lines, with exit code {process.ExitCode}.");
        return said;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
