using System.Diagnostics;
using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Samples;

/// <summary>A server of samples/user-service that runs, on a port of the system's choice.</summary>
internal sealed class UserServer : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(1);

    private readonly Process process;
    private readonly Task<string> error;

    private UserServer(Process process)
    {
        this.process = process;
        error = process.StandardError.ReadToEndAsync();
    }

    public string Address { get; private set; } = "";

    public static async Task<UserServer> StartAsync(string language, params IEnumerable<string> more)
    {
        var start = new ProcessStartInfo(UserPrograms.Server(language), ["--listen", "127.0.0.1:0", .. more]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var server = new UserServer(Process.Start(start)!);
        var first = await server.ReadAsync();
        Assert.True(Message(first) == "started", $"{first}{(first is null ? await server.error : "")}");
        server.Address = JsonDocument.Parse(first!).RootElement.GetProperty("address").GetString()!;
        return server;
    }

    /// <summary>Asks it to stop, without waiting for it.</summary>
    public void Terminate() => TestNode.Signal(process.Id, 15);

    /// <summary>The messages of its last lines, once it has ended well.</summary>
    public async Task<IReadOnlyList<string?>> SeeEndAsync()
    {
        var messages = new List<string?>();
        while (await ReadAsync() is { } line) messages.Add(Message(line));
        await process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System);
        Assert.Equal("", await error);
        Assert.Equal(0, process.ExitCode);
        return messages;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static string? Message(string? line) => line is null ? null : JsonDocument.Parse(line).RootElement.GetProperty("msg").GetString();

    private async Task<string?> ReadAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(patience, TimeProvider.System);
}
