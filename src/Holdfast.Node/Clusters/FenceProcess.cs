using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Runs what powers a node off, and what proves that it is off. No shell reads the words; the programs see none of the agent's environment and get no input, so that none of them waits
/// for a password. What they say is shortened and redacted before anybody sees it.
/// </summary>
internal sealed class FenceProcess(Home home, TimeProvider time)
{
    /// <summary>In characters, of each of both outputs.</summary>
    private const int MostSaid = 2000;

    /// <summary>Between two askings whether it is off; and for what an ended program's children still write.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Returns what was said when the machine is off. Problems: <c>fence.*</c>: nothing is proven.</summary>
    public async Task<Outcome<string>> RunAsync(FenceCommand fence, CancellationToken cancel)
    {
        var fired = await RunOnceAsync(fence.Command, fence.Within, cancel);
        if (fired.Exit != 0) return NotConfirmed(fence.Node, fence.Command[0], fired);
        if (fence.Confirm.Count == 0) return FenceWords.Shown(fired.Said);
        var began = time.GetTimestamp();
        while (true)
        {
            var left = fence.Within - time.GetElapsedTime(began);
            var seen = await RunOnceAsync(fence.Confirm, left > Pause ? left : Pause, cancel);
            if (seen.Exit == 0) return FenceWords.Shown($"{fired.Said} {seen.Said}");
            if (time.GetElapsedTime(began) + Pause >= fence.Within || cancel.IsCancellationRequested) return NotConfirmed(fence.Node, fence.Confirm[0], seen);
            await Task.Delay(Pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Ended> RunOnceAsync(IReadOnlyList<string> command, TimeSpan within, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home.Path };
        start.Environment.Clear();
        foreach (var (name, value) in BaseEnvironment.For(home.Path)) start.Environment[name] = value;
        using var patience = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var said = new[] { new StringBuilder(), new StringBuilder() };
            var reading = Task.WhenAll(HeadAsync(process.StandardOutput, said[0]), HeadAsync(process.StandardError, said[1]));
            await process.WaitForExitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var inTime = process.HasExited;
            if (!inTime) process.Kill(entireProcessTree: true);
            // Children of it may hold the pipes. What they say later is not waited for.
            await Task.WhenAny(reading, Task.Delay(Pause, time, CancellationToken.None));
            var words = string.Join(' ', said.Select(Text)).Trim();
            return new(inTime ? process.ExitCode : null, words, inTime ? "" : cancel.IsCancellationRequested ? "it was ended: this node's own lease is no more" : $"it was ended, as it took longer than {within.TotalSeconds:0.#} s");
        }
        catch (Win32Exception e)
        {
            return new(null, "", e.Message);
        }
    }

    /// <summary>Its beginning; the rest is read as well, or the program would wait for that.</summary>
    private static async Task HeadAsync(StreamReader output, StringBuilder text)
    {
        var buffer = new char[1024];
        try
        {
            while (await output.ReadAsync(buffer) is > 0 and var read)
            {
                lock (text) text.Append(buffer, 0, Math.Min(read, MostSaid - text.Length));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }
    }

    private static string Text(StringBuilder said)
    {
        lock (said) return said.ToString();
    }

    private static Problem NotConfirmed(string node, string program, Ended ended) => new(ProblemKind.Failed, "fence.not-confirmed", $"It is not proven that {node} is off, so nothing was taken from it.")
    {
        Why = $"{program}: {FenceWords.Shown($"{(ended.Exit is { } code ? $"it exited with {code}." : $"{ended.How}.")} {ended.Said}")}",
        Mend = $"power {node} off by hand, if it must be; its lease ends by itself",
    };

    /// <param name="Exit">Null: it did not end by itself, or did not begin.</param>
    /// <param name="How">Why it did not.</param>
    private sealed record Ended(int? Exit, string Said, string How);
}
