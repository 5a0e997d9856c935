using System.Diagnostics;
using System.Globalization;
using Holdfast.Rpc.Tests.Calls;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>A peer's process: as a server it says its port and serves until its input ends, as a client it says what it found and ends.</summary>
internal sealed class RunningPeer(string name, Process process) : IDisposable
{
    // Read from the start: a process whose words nobody takes stands still.
    private readonly Task<string> trouble = process.StandardError.ReadToEndAsync();

    /// <summary>Of a server, once it listens.</summary>
    public async Task<int> PortAsync()
    {
        var line = await LineAsync();
        if (int.TryParse(line, CultureInfo.InvariantCulture, out var port)) return port;
        throw new InvalidOperationException($"{name} did not listen: {line} {await TroubleAsync()}");
    }

    /// <summary>The next that it says; null at its end.</summary>
    public Task<string?> LineAsync() => process.StandardOutput.ReadLineAsync().WaitAsync(RpcFixture.Patience);

    /// <summary>Of a client: all that it said, and what it complained of.</summary>
    public async Task<(string[] Lines, string Trouble)> WordsAsync()
    {
        var lines = new List<string>();
        try
        {
            using var patience = new CancellationTokenSource(InteropCases.Patience * 2, TimeProvider.System);
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line) lines.Add(line);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{name} did not come to its end. It said so far: {string.Join('\n', lines)}\n{await TroubleAsync()}");
        }

        return ([.. lines.Where(line => line.Length > 0)], await TroubleAsync());
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(RpcFixture.Patience)) process.Kill();
        process.Dispose();
    }

    private Task<string> TroubleAsync() => trouble.WaitAsync(RpcFixture.Patience);
}
