using System.Diagnostics;
using System.Globalization;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;

namespace Holdfast.Integration.Tests;

/// <summary>The guard's and the supervisor's worst moments: killed while they start, and while they clear up after the other.</summary>
public sealed class GuardTests
{
    [Fact]
    public Task Law02_a_guard_killed_while_it_empties_the_containers_is_replaced_by_the_agent() => KilledWhileEmptyingAsync(TestNode.StartAsync, Slippery.All);

    /// <summary>
    /// But for one that has hidden from everything there is without a cgroup: no environment, no session, no parent. Only the guard, as
    /// the subreaper, would have found it.
    /// </summary>
    [RootFact]
    public Task Law02_a_guard_killed_while_it_clears_up_without_a_cgroup_is_replaced_by_the_agent() =>
        KilledWhileEmptyingAsync(() => TestNode.StartWithoutRootAsync(), name => name != "pid-empty");

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(120)]
    public async Task Law02_a_supervisor_killed_while_it_starts_is_started_again_and_leaves_nobody_twice(int afterMilliseconds)
    {
        await using var node = await TestNode.StartAsync();
        var slippery = await Slippery.DeployAsync(node);
        var before = await slippery.SeeAllAsync();
        var (guard, supervisor) = (node.GuardPid, node.SupervisorPid);

        TestNode.Signal(supervisor, 9);
        var next = await Eventually.SeeAsync("the next supervisor", () => Task.FromResult(ChildOf(guard, supervisor)), pid => pid > 0);
        await Task.Delay(TimeSpan.FromMilliseconds(afterMilliseconds), TimeProvider.System);
        TestNode.Signal(next, 9);

        await Slippery.SeeGoneAsync(before);
        await Eventually.SeeAsync("the one after it", () => node.HasSupervisor && node.SupervisorPid is var third && third != supervisor && third != next && TestNode.Lives(third));
        var row = await node.SeeAsync("running", "slippery", seen => seen.State == "running" && seen.Pid != before["pid-main"] && TestNode.Lives(seen.Pid));
        Assert.Equal(0, row.Restarts);
        var after = await slippery.SeeAllAsync(before);
        Assert.Equal(row.Pid, after["pid-main"]);
        Assert.Equal(1, Processes().Count(pid => ProcessFacts.Read(pid) is { Ended: false } facts && facts.ParentPid == node.SupervisorPid && facts.Name == "run.sh"));
        Assert.Equal(guard, node.GuardPid);
    }

    [Fact]
    public async Task A_guard_that_is_told_to_end_at_any_moment_of_its_start_ends_and_its_supervisor_with_it()
    {
        await using var node = TestNode.Create();
        for (var delay = 0; delay < 200; delay += 10)
        {
            using var guard = Process.Start(new ProcessStartInfo(Path.Combine(Programs.Folder, "holdfast-supervisor"), ["guard", "--home", node.Home]) { RedirectStandardError = true })!;
            var said = guard.StandardError.ReadToEndAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System);
            TestNode.Signal(guard.Id, 15);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
            await guard.WaitForExitAsync(patience.Token);
            // Killed by a signal before it could take one, or ended in order.
            Assert.Contains(guard.ExitCode, new[] { 0, 143 });
            await Eventually.SeeAsync("the end of its supervisor", () => !CommandLines().Any(line => line.Contains($"\0--home\0{node.Home}\0", StringComparison.Ordinal)));
            await said;
        }
    }

    /// <summary>Until it has found the supervisor that runs already, there is nobody to hand the request on to.</summary>
    [Fact]
    public async Task A_guard_that_is_told_to_end_while_it_looks_for_a_supervisor_that_runs_already_ends_with_it()
    {
        await using var node = TestNode.Create();
        for (var delay = 0; delay < 200; delay += 10)
        {
            using var supervisor = Start(["run", "--home", node.Home]);
            // It names itself before it hears signals, and says this after.
            while (await supervisor.StandardError.ReadLineAsync() is { } line && !line.Contains(" keeps ", StringComparison.Ordinal))
            {
            }

            var said = supervisor.StandardError.ReadToEndAsync();
            using var guard = Start(["guard", "--home", node.Home, "--of", $"{supervisor.Id}:{ProcessFacts.Read(supervisor.Id)!.CreationTime}"]);
            await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System);
            TestNode.Signal(guard.Id, 15);

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
            await guard.WaitForExitAsync(patience.Token);
            Assert.Contains(guard.ExitCode, new[] { 0, 143 });
            // Killed by a signal before it could take one, it has told nobody.
            if (guard.ExitCode != 0)
                TestNode.Signal(supervisor.Id, 15);
            await supervisor.WaitForExitAsync(patience.Token);
            Assert.Equal(0, supervisor.ExitCode);
            Assert.Contains("nothing runs any more", await said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Law02_every_service_is_a_child_of_the_one_thread_that_lives_as_long_as_the_supervisor()
    {
        await using var node = await TestNode.StartAsync();
        const string Probed = "health: {liveness: {exec: {command: [run.sh, probe]}, interval: 1s}}\nhooks: {preStart: {command: [run.sh, probe]}}";
        (await new ServiceFolder(node, "orders").Write("[ \"$1\" != probe ] || exit 0\n" + ServiceFolder.Steady, Probed).DeployAsync()).Ok();
        (await new ServiceFolder(node, "ledger").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        (await node.HoldfastAsync("restart", "orders")).Ok();
        TestNode.Signal((await node.PsAsync("ledger")).Pid, 9);
        var ledger = await node.SeeAsync("restarted", "ledger", row => row is { State: "running", Restarts: 1 });
        var orders = await node.SeeAsync("running", "orders", row => row.State == "running");

        var supervisor = node.SupervisorPid;
        var mainThread = await File.ReadAllTextAsync($"/proc/{supervisor}/task/{supervisor}/children");
        var children = mainThread.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)).ToList();
        Assert.Contains(ledger.Pid, children);
        Assert.Contains(orders.Pid, children);
    }

    private static Process Start(string[] arguments) => Process.Start(new ProcessStartInfo(Path.Combine(Programs.Folder, "holdfast-supervisor"), arguments) { RedirectStandardError = true })!;

    private static async Task KilledWhileEmptyingAsync(Func<Task<TestNode>> start, Func<string, bool> isFound)
    {
        var hidden = new List<int>();
        try
        {
            await using var node = await start();
            await KillWhileEmptyingAsync(node, isFound, hidden);
        }
        finally
        {
            foreach (var pid in hidden.Where(TestNode.Lives)) TestNode.Signal(pid, 9);
        }
    }

    private static async Task KillWhileEmptyingAsync(TestNode node, Func<string, bool> isFound, List<int> hidden)
    {
        var slippery = await Slippery.DeployAsync(node);
        foreach (var delay in (double[])[1, 4, 12])
        {
            var before = await slippery.SeeAllAsync();
            var guard = node.GuardPid;
            TestNode.Signal(node.SupervisorPid, 9);
            Pause(TimeSpan.FromMilliseconds(delay));
            TestNode.Signal(guard, 9);

            await Slippery.SeeGoneAsync(before.Where(process => isFound(process.Key)).ToDictionary());
            var after = await slippery.SeeAllAsync(before);
            hidden.AddRange(before.Concat(after).Where(process => !isFound(process.Key)).Select(process => process.Value));
            await Eventually.SeeAsync("another guard", () => node.GuardPid is > 0 and var pid && pid != guard);
            var row = await node.SeeAsync("running again", "slippery", seen => seen.State == "running" && seen.Pid == after["pid-main"]);
            Assert.Equal(0, row.Restarts);
        }
    }

    /// <summary>Shorter than a timer can.</summary>
    private static void Pause(TimeSpan span)
    {
        var until = BootClock.SinceBoot + span;
        while (BootClock.SinceBoot < until) Thread.SpinWait(20);
    }

    private static int ChildOf(int parent, int except) => Processes().FirstOrDefault(pid => pid != except && ProcessFacts.Read(pid) is { Ended: false } facts && facts.ParentPid == parent);

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0).Where(pid => pid > 0);

    private static IEnumerable<string> CommandLines()
    {
        foreach (var pid in Processes())
        {
            string line;
            try
            {
                line = File.ReadAllText($"/proc/{pid}/cmdline");
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            yield return line;
        }
    }
}
