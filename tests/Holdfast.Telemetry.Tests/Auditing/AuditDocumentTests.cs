using System.Diagnostics;

namespace Holdfast.Telemetry.Tests.Auditing;

/// <summary>The check in docs/audit.md that needs nothing of ours is run as it stands there.</summary>
public sealed class AuditDocumentTests : IDisposable
{
    private readonly LogFolder folder = new();

    public void Dispose() => folder.Dispose();

    [PythonFact]
    public async Task Law07_anybody_can_check_the_chain_without_our_code()
    {
        var head = folder.Write(20, LogFolder.Options with { FileBytes = 2000 });
        Assert.True(folder.Files.Count > 2);
        Assert.Equal((0, $"whole up to {head.Hash}"), await CheckAsync());

        await File.WriteAllTextAsync(folder.Files[1], (await File.ReadAllTextAsync(folder.Files[1])).Replace("\"actor\":\"alice", "\"actor\":\"mallory"));
        var (code, said) = await CheckAsync();
        Assert.Equal(1, code);
        Assert.Contains("was edited", said);
    }

    private async Task<(int Code, string Said)> CheckAsync()
    {
        var document = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "audit.md"));
        var script = document.Split("```python\n")[1].Split("```")[0];
        var start = new ProcessStartInfo("python3", ["-c", script])
        {
            WorkingDirectory = Path.GetDirectoryName(folder.Path),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var python = Process.Start(start)!;
        var said = await python.StandardOutput.ReadToEndAsync() + await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        return (python.ExitCode, said.Trim());
    }
}
