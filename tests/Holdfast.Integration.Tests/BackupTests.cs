using System.Diagnostics;
using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>Backup and restore with real nodes: while everything runs, and when it is interrupted anywhere.</summary>
public sealed class BackupTests
{
    private const int Megabyte = 1 << 20;

    [Fact]
    public async Task A_backup_taken_while_everything_changes_restores_to_a_whole_node()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady);
        (await orders.DeployAsync()).Ok();
        (await orders.Write("echo two\n" + ServiceFolder.Steady, version: "2.0.0").DeployAsync("2.0.0")).Ok();
        var ledger = new ServiceFolder(node, "ledger").Write(ServiceFolder.Steady);
        (await ledger.DeployAsync()).Ok();
        var busy = new Busy(node, ledger);

        var backups = new List<string>();
        for (var number = 1; number <= 3; number++)
        {
            // Each of them sees at least one change that is new.
            await busy.PassAsync();
            var file = Path.Combine(node.Work, $"{number}.hfbackup");
            (await node.HoldfastAsync("backup", file)).Ok();
            backups.Add(file);
        }

        await busy.EndAsync();
        foreach (var file in backups)
            await RestoresToAWholeNodeAsync(node, file);
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [Fact]
    public async Task A_backup_needs_no_agent_and_services_run_on_meanwhile()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var pid = (await node.PsAsync("orders")).Pid;
        // Killed: what it had written last is in the store's log, not in its file.
        await node.KillAgentAsync();

        (await node.HoldfastAsync("backup", "node.hfbackup")).Ok();

        Assert.True(TestNode.Lives(pid));
        (await node.HoldfastAsync("backup", "verify", "node.hfbackup")).Ok();
        Assert.Contains("in use", (await node.HoldfastAsync("restore", "node.hfbackup", "--move-aside")).Expect(5).Error, StringComparison.Ordinal);
        Assert.True(TestNode.Lives(pid));
        await node.StartAgentAsync();
        Assert.Equal(pid, (await node.PsAsync("orders")).Pid);
        (await node.HoldfastAsync("audit", "verify")).Ok();
        await RunsAsync(await RestoredAsync(Path.Combine(node.Work, "node.hfbackup")), ["orders"]);
    }

    [Fact]
    public async Task Law07_a_backup_is_in_the_record_with_who_asked_and_what_it_was()
    {
        await using var node = await TestNode.StartAsync();
        var made = (await node.HoldfastAsync("backup", "node.hfbackup", "-o", "json")).Ok();
        using var document = JsonDocument.Parse(made.Output);
        var digest = document.RootElement.GetProperty("digest").GetString()!;

        using var audit = JsonDocument.Parse((await node.HoldfastAsync("audit", "list", "-o", "json")).Ok().Output);
        var entries = audit.RootElement.EnumerateArray().Where(entry => entry.GetProperty("action").GetString() == "backup").ToList();

        Assert.Equal(["intended", "done"], entries.Select(entry => entry.GetProperty("outcome").GetString()));
        Assert.All(entries, entry => Assert.Equal(Environment.UserName, entry.GetProperty("actor").GetString()));
        Assert.Equal(digest, entries[1].GetProperty("details").GetProperty("backup").GetString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(node.Work, "node.hfbackup")));
    }

    [Fact]
    public async Task Law08_one_damaged_byte_refuses_the_restore_and_is_named()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var file = Path.Combine(node.Work, "node.hfbackup");
        (await node.HoldfastAsync("backup", file)).Ok();
        var bytes = await File.ReadAllBytesAsync(file);
        var script = bytes.AsSpan().IndexOf("trap 'echo ending"u8);
        bytes[script] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await using var other = TestNode.Create();

        var refused = (await other.HoldfastAsync("restore", file)).Expect(8);

        Assert.Contains("files/run.sh", refused.Error, StringComparison.Ordinal);
        Assert.Contains("files/run.sh", (await other.HoldfastAsync("backup", "verify", file)).Expect(8).Error, StringComparison.Ordinal);
        Assert.Equal([other.Work], Directory.EnumerateFileSystemEntries(other.Root));
    }

    [Fact]
    public async Task Law11_a_client_that_is_killed_leaves_no_backup_and_the_next_one_works()
    {
        await using var node = await TestNode.StartAsync();
        Enlarge(node);
        using (var client = Launch(node, "backup", "node.hfbackup"))
        {
            await WritingAsync(node, client);
            client.Kill();
            await client.WaitForExitAsync();
        }

        Assert.False(File.Exists(Path.Combine(node.Work, "node.hfbackup")));
        await Eventually.SeeAsync("its end in the record", async () => (await node.HoldfastAsync("audit", "list")).Output, audit => audit.Contains("failed", StringComparison.Ordinal));
        (await node.HoldfastAsync("backup", "node.hfbackup")).Ok();
        Assert.Equal(["node.hfbackup"], Directory.EnumerateFiles(node.Work).Select(Path.GetFileName));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(node.Home, "incoming")));
    }

    [Fact]
    public async Task Law11_an_agent_that_is_killed_leaves_no_backup_and_the_next_one_works()
    {
        await using var node = await TestNode.StartAsync();
        Enlarge(node);
        using (var client = Launch(node, "backup", "node.hfbackup"))
        {
            await WritingAsync(node, client);
            // While the client stands still, the agent cannot come to the end.
            TestNode.Signal(client.Id, 19);
            await node.KillAgentAsync();
            TestNode.Signal(client.Id, 18);
            await client.WaitForExitAsync();
            Assert.Equal(6, client.ExitCode);
        }

        Assert.Empty(Directory.EnumerateFiles(node.Work));
        await node.StartAgentAsync();
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(node.Home, "incoming")));
        (await node.HoldfastAsync("backup", "node.hfbackup")).Ok();
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [Fact]
    public async Task Law11_a_restore_that_is_killed_anywhere_leaves_a_whole_home_or_none_and_works_again()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        Enlarge(node, 24);
        var file = Path.Combine(node.Work, "node.hfbackup");
        (await node.HoldfastAsync("backup", file)).Ok();
        var random = new Random(5);
        var other = TestNode.Create();
        var began = TimeProvider.System.GetTimestamp();
        (await node.HoldfastAsync("restore", file, "--home", Path.Combine(other.Root, "measured"))).Ok();
        var whole = TimeProvider.System.GetElapsedTime(began);

        for (var killed = 0; killed < 12 && !Directory.Exists(other.Home);)
        {
            using var restore = Launch(other, "restore", file);
            // At any time of it: the moment is chance on purpose, the checks hold for each.
            await Task.Delay(whole * random.NextDouble(), TimeProvider.System);
            var ended = restore.HasExited;
            if (!ended) restore.Kill();
            await restore.WaitForExitAsync();
            if (!ended)
            {
                killed++;
                continue;
            }

            // It was faster than the one that was measured, and was not killed.
            Assert.Equal(0, restore.ExitCode);
            Directory.Delete(other.Home, recursive: true);
            whole *= 0.7;
        }

        if (!Directory.Exists(other.Home))
            (await other.HoldfastAsync("restore", file)).Ok();
        await RunsAsync(other, ["orders"]);
    }

    [SmallDisk.Fact]
    public async Task A_full_disk_is_said_and_leaves_nothing()
    {
        await using var node = await TestNode.StartAsync();
        await using var disk = await SmallDisk.MountAsync(2);
        Enlarge(node, 4);

        var full = (await node.HoldfastAsync("backup", Path.Combine(disk.Root, "node.hfbackup"))).Expect(7);

        Assert.Contains("full", full.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(disk.Root));
        var file = Path.Combine(node.Work, "node.hfbackup");
        (await node.HoldfastAsync("backup", file)).Ok();
        Assert.Contains("full", (await node.HoldfastAsync("restore", file, "--home", Path.Combine(disk.Root, "n", "home"))).Expect(7).Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(disk.Root, "n")));
    }

    [RootFact]
    public async Task A_node_without_root_is_backed_up_by_its_own_account()
    {
        await using var node = await TestNode.StartWithoutRootAsync();

        (await node.HoldfastAsync("backup", Path.Combine(node.Work, "node.hfbackup"))).Ok();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(node.Work, "node.hfbackup")));
    }

    [Theory]
    [InlineData(4, "does not exist", "restore", "nothing.hfbackup")]
    [InlineData(2, "not a backup", "restore", "noise")]
    [InlineData(2, "not a backup", "backup", "verify", "noise")]
    [InlineData(4, "has no store", "backup", "x.hfbackup")]
    [InlineData(5, "exists already", "backup", "noise")]
    [InlineData(2, "backup --help", "backup")]
    [InlineData(2, "not a digest", "restore", "noise", "--expect", "abc")]
    public async Task Mistakes_have_words(int code, string words, params string[] arguments)
    {
        await using var node = TestNode.Create();
        await File.WriteAllTextAsync(Path.Combine(node.Work, "noise"), new string('x', 4000));

        var said = (await node.HoldfastAsync(arguments)).Expect(code);

        Assert.Contains(words, Assert.Single(said.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(said.Output);
        Assert.Equal(["noise"], Directory.EnumerateFileSystemEntries(node.Work).Select(Path.GetFileName));
    }

    private static async Task RestoresToAWholeNodeAsync(TestNode node, string file)
    {
        (await node.HoldfastAsync("backup", "verify", file)).Ok();
        var other = await RestoredAsync(file);
        await RunsAsync(other, ["ledger", "orders"], async () =>
        {
            Assert.Equal(2, (await other.PsAsync("orders")).Release);
            (await other.HoldfastAsync("rollback", "orders")).Ok();
            using var history = JsonDocument.Parse((await other.HoldfastAsync("history", "orders", "-o", "json")).Ok().Output);
            Assert.Equal(["1.0.0", "2.0.0", "1.0.0"], history.RootElement.EnumerateArray().Select(release => release.GetProperty("version").GetString()));
        });
    }

    private static async Task<TestNode> RestoredAsync(string file)
    {
        var other = TestNode.Create();
        (await other.HoldfastAsync("restore", file)).Ok();
        return other;
    }

    /// <summary>Starts the agent of a restored home, sees its services and its record, and ends it.</summary>
    private static async Task RunsAsync(TestNode node, string[] services, Func<Task>? look = null)
    {
        await using (node)
        {
            await node.StartAgentAsync();
            foreach (var service in services)
                await node.SeeAsync("running", service, row => row.State == "running");
            // Operations that were under way in the backup come to their end first.
            await Eventually.SeeAsync("nothing under way", async () => (await node.HoldfastAsync("audit", "list")).Ok().Output, audit => audit.Contains("restore", StringComparison.Ordinal));
            if (look is not null)
                await look();
            (await node.HoldfastAsync("audit", "verify")).Ok();
        }
    }

    /// <summary>So that there is time to be interrupted.</summary>
    private static void Enlarge(TestNode node, int megabytes = 192)
    {
        var noise = new byte[Megabyte];
        new Random(11).NextBytes(noise);
        using var file = File.Create(Path.Combine(node.Home, "policy", "large.bin"));
        for (var count = 0; count < megabytes; count++)
            file.Write(noise);
    }

    private static Process Launch(TestNode node, params string[] arguments)
    {
        var start = new ProcessStartInfo(Programs.Holdfast, arguments) { WorkingDirectory = node.Work, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["HOLDFAST_HOME"] = node.Home;
        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        return process;
    }

    private static async Task WritingAsync(TestNode node, Process client)
    {
        while (!Directory.EnumerateFiles(node.Work, ".node.hfbackup.*").Any(file => new FileInfo(file).Length > 0))
        {
            Assert.False(client.HasExited, "The backup was over before it could be interrupted.");
            await Task.Yield();
        }
    }

    /// <summary>Deploys and restarts one service without end, in turn.</summary>
    private sealed class Busy
    {
        private readonly CancellationTokenSource ending = new();
        private readonly Task running;
        private int passes;

        public Busy(TestNode node, ServiceFolder service) => running = Task.Run(async () =>
        {
            for (var number = 2; !ending.IsCancellationRequested; number++)
            {
                (await service.Write($"echo {number}\n" + ServiceFolder.Steady, version: $"{number}.0.0").DeployAsync($"{number}.0.0")).Ok();
                Interlocked.Increment(ref passes);
                (await node.HoldfastAsync("restart", service.Name)).Ok();
                Interlocked.Increment(ref passes);
            }
        });

        public async Task PassAsync()
        {
            var before = Volatile.Read(ref passes);
            await Eventually.SeeAsync("another change", () => Volatile.Read(ref passes) > before || running.IsCompleted);
            if (running.IsCompleted)
                await running;
        }

        public async Task EndAsync()
        {
            await ending.CancelAsync();
            await running;
            ending.Dispose();
        }
    }
}
