using System.Collections.Concurrent;
using System.Diagnostics;

namespace Holdfast.Integration.Tests.Nodes;

/// <summary>A running <c>holdfast attach</c>: what is typed into it, and what it says.</summary>
public sealed class Attachment : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> error = new();

    private Attachment(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Pid => process.Id;

    public bool HasEnded => process.HasExited;

    public string Output => string.Join('\n', output);

    public string Error => string.Join('\n', error);

    public static Attachment Start(TestNode node, params string[] arguments) => Start(node, Programs.Holdfast, ["attach", .. arguments]);

    /// <summary>In a terminal of its own, which util-linux's <c>script</c> makes: both its streams are the output.</summary>
    public static Attachment StartInTerminal(TestNode node, string service) =>
        Start(node, "script", ["--quiet", "--return", "--command", $"{Programs.Holdfast} attach {service}", "/dev/null"]);

    public void Type(string text)
    {
        process.StandardInput.Write(text);
        process.StandardInput.Flush();
    }

    public void EndInput() => process.StandardInput.Close();

    public Task SeeOutputAsync(string text) => Eventually.SeeAsync($"'{text}' in the output", () => Task.FromResult(Seen), _ => Output.Contains(text, StringComparison.Ordinal));

    public Task SeeErrorAsync(string text) => Eventually.SeeAsync($"'{text}' on stderr", () => Task.FromResult(Seen), _ => Error.Contains(text, StringComparison.Ordinal));

    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private (string Output, string Error, bool Ended) Seen => (Output, Error, HasEnded);

    private static Attachment Start(TestNode node, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOLDFAST_HOME"] = node.Home;
        return new(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }
}
