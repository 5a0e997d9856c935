using System.Diagnostics;
using System.Globalization;
using Holdfast.Integration.Tests.Nodes;
using Xunit.Abstractions;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>10,000 lines a second, while everything that may be killed or replaced is, and somebody looks on.</summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    private const int LinesPerSecond = 10_000;

    /// <summary>What befalls the node while the service writes. Each leaves it as it was.</summary>
    private static readonly (string What, Func<TestNode, Task> DoAsync)[] disturbances =
    [
        ("the agent is killed", async node =>
        {
            await node.KillAgentAsync();
            await node.StartAgentAsync();
        }),
        ("the agent is stopped", async node =>
        {
            await node.StopAgentAsync();
            await node.StartAgentAsync();
        }),
        ("the guard is killed", async node =>
        {
            var guard = node.GuardPid;
            TestNode.Signal(guard, 9);
            await Eventually.SeeAsync("another guard", () => node.GuardPid is var next and > 0 && next != guard);
        }),
        ("agent, supervisor and guard become another build", async node =>
        {
            var builds = new[] { Programs.Folder, Path.Combine(node.Root, "other") };
            if (!Directory.Exists(builds[1]))
                node.CopyOfPrograms("other");
            var running = Path.GetDirectoryName(Platform.ProcessFacts.Executable(node.SupervisorPid));
            (await node.HoldfastAsync("upgrade", "--to", running == builds[0] ? builds[1] : builds[0])).Ok();
        }),
        ("the segments rotate", async node =>
        {
            var before = Segments(node).Max();
            await Eventually.SeeAsync("another segment", () => Segments(node).Max() != before);
        }),
    ];

    [CrashFact]
    [Trait("Category", "Slow")]
    public Task Law06_every_line_of_a_flood_is_followed_once_and_in_order_whatever_is_killed() => RunAsync(seconds: 10);

    [CrashFact]
    [Trait("Category", "Soak")]
    public Task Law06_every_line_of_a_long_flood_is_followed_once_and_in_order_whatever_is_killed() => RunAsync(seconds: 60);

    private async Task RunAsync(int seconds)
    {
        await using var node = await TestNode.StartAsync();
        var flood = new ServiceFolder(node, "flood");
        File.Copy(await NativeParts.PatientAsync(), Path.Combine(node.Work, "flood", "patient"));
        flood.WriteSpec($$"""
            apiVersion: holdfast/v1
            kind: Service
            name: flood
            version: 1.0.0
            command: [patient, "10", "{{LinesPerSecond / 100}}"]
            output:
              rotate: {size: 1MiB}
              keep: {size: 1GiB}
            """);
        (await flood.DeployAsync()).Ok();
        var pid = (await node.PsAsync("flood")).Pid;
        using var follower = Follow(node);
        var lines = ReadAsync(follower);
        var words = follower.StandardError.ReadToEndAsync();
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.SeeAsync("a follower that has begun", () => Volatile.Read(ref followed) > 0);

        var wanted = (long)LinesPerSecond * seconds;
        for (var round = 0; round == 0 || Written(node) < wanted; round++)
        {
            foreach (var (what, doAsync) in disturbances)
            {
                output.WriteLine($"{Written(node),8} lines: {what}");
                await doAsync(node);
            }
        }

        Assert.Equal(pid, (await node.PsAsync("flood")).Pid);
        (await node.HoldfastAsync("stop", "flood")).Ok();
        var written = Written(node);
        await Eventually.SeeAsync($"{written} lines followed", () => Task.FromResult(Volatile.Read(ref followed)), count => count >= written);
        follower.Kill();
        output.WriteLine($"{written} lines in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s, {Segments(node).Count} segments");

        // In order, none missing and none twice: seen as they came.
        Assert.Equal("", await lines);
        Assert.Equal(written, followed);
        Assert.True(written >= wanted);
        var said = await words;
        Assert.Contains("waiting for the next one", said, StringComparison.Ordinal);
        Assert.Contains("is back", said, StringComparison.Ordinal);
    }

    private long followed;

    /// <summary>The first line that is not the next one; empty: each was.</summary>
    private async Task<string> ReadAsync(Process follower)
    {
        var wrong = "";
        while (await follower.StandardOutput.ReadLineAsync() is { } line)
        {
            var number = long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            if (wrong.Length == 0 && number != followed + 1)
                wrong = $"line {number} follows line {followed}";
            Interlocked.Increment(ref followed);
        }

        return wrong;
    }

    private static Process Follow(TestNode node)
    {
        var start = new ProcessStartInfo(Programs.Holdfast) { WorkingDirectory = node.Work, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["logs", "flood", "-f", "-n", "100000000", "--home", node.Home])
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException("The follower did not start.");
    }

    private static List<string> Segments(TestNode node) =>
        [.. Directory.EnumerateFiles(Path.Combine(node.Home, "output", "flood-0")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static long Written(TestNode node) =>
        BitConverter.ToInt64(File.ReadAllBytes(Directory.EnumerateFiles(Path.Combine(node.Home, "instances", "flood-0", "runs")).Single()));
}
