using System.Globalization;
using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>A whole node on a disk that becomes full, and has room again later.</summary>
public sealed class BadDisksTests
{
    /// <summary>Floods its output, and shows in a file elsewhere that it is never held up.</summary>
    private const string Flood = """
        i=0
        while :; do
          i=$((i+1))
          n=0
          while [ $n -lt 200 ]; do n=$((n+1)); echo "$i $n a line that takes some room on a disk that has none"; done
          echo $i > "$PULSE"
          sleep 0.02
        done
        """;

    [SmallDisk.Fact]
    public async Task Law09_a_full_disk_harms_no_service_that_floods_its_log_and_every_lost_line_is_counted_and_told()
    {
        await using var disk = await SmallDisk.MountAsync(48);
        await using var node = await OnAsync(disk);
        var pulse = Path.Combine(Path.GetTempPath(), $"hf-pulse-{Environment.ProcessId}");
        try
        {
            var orders = new ServiceFolder(node, "orders").Write(Flood, $"environment: {{PULSE: {pulse}}}\noutput: {{rotate: {{size: 4MiB}}, keep: {{size: 24MiB}}}}");
            (await orders.DeployAsync()).Ok();
            var pid = (await node.PsAsync("orders")).Pid;
            disk.Fill();

            await Eventually.SeeAsync("lines dropped", () => DroppedAsync(node), dropped => dropped > 0);
            await SeeEventAsync(node, "output-trouble");
            var beats = await BeatsAsync(pulse);
            await Eventually.SeeAsync("a service that goes on", () => BeatsAsync(pulse), now => now > beats + 20);
            var row = await node.PsAsync("orders");
            Assert.Equal(("running", pid, 0), (row.State, row.Pid, row.Restarts));

            disk.MakeRoom();
            await SeeEventAsync(node, "output-recovered");
            await Eventually.SeeAsync("no trouble any more", () => MetricAsync(node, "holdfast_output_trouble"), trouble => trouble == 0);
            Assert.Equal(("running", pid), ((await node.PsAsync("orders")).State, (await node.PsAsync("orders")).Pid));

            // A stopped service is at rest, and so are its counts.
            (await node.HoldfastAsync("stop", "orders")).Ok();
            await Eventually.SeeAsync(
                "each line that was read written or dropped",
                async () => await MetricAsync(node, "holdfast_output_read_lines_total") - await MetricAsync(node, "holdfast_output_written_lines_total") - await DroppedAsync(node),
                missing => missing == 0);
        }
        finally
        {
            File.Delete(pulse);
        }
    }

    [SmallDisk.Fact]
    public async Task A_deploy_on_a_full_disk_is_refused_and_leaves_nothing_and_works_when_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync(48);
        await using var node = await OnAsync(disk);
        var orders = new ServiceFolder(node, "orders").Write("echo one\n" + ServiceFolder.Steady);
        (await orders.DeployAsync()).Ok();
        var before = await node.PsAsync("orders");
        var packages = Listing(node, "packages");
        orders.Write("echo two\n" + ServiceFolder.Steady, version: "2.0.0");
        orders.WriteFile("large.bin", new string('x', 2 << 20));
        var package = await orders.SignedAsync("2.0.0");
        disk.Fill(leave: 256 << 10);

        var refused = await node.HoldfastAsync("deploy", package);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("space", refused.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        Assert.Equal(packages, Listing(node, "packages"));
        Assert.Empty(Listing(node, "incoming"));
        var row = await node.PsAsync("orders");
        Assert.Equal((before.Pid, before.Release, "running"), (row.Pid, row.Release, row.State));

        disk.MakeRoom();
        (await node.HoldfastAsync("deploy", package)).Ok();
        row = await node.PsAsync("orders");
        Assert.Equal(("running", before.PackageDigest == row.PackageDigest), (row.State, false));
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [SmallDisk.Fact]
    public async Task Law07_a_change_that_cannot_be_recorded_is_refused_and_the_record_is_whole()
    {
        await using var disk = await SmallDisk.MountAsync(48);
        await using var node = await OnAsync(disk);
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady);
        (await orders.DeployAsync()).Ok();
        var before = await node.PsAsync("orders");
        disk.Fill();

        // Room that is allocated already may hold a few entries more: after that the change is refused.
        CommandResult? refused = null;
        for (var i = 0; i < 100 && refused is null; i++)
        {
            var answer = await node.HoldfastAsync("restart", "orders");
            if (answer.ExitCode != 0) refused = answer;
            disk.Fill();
        }

        Assert.NotNull(refused);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("space", refused.Error, StringComparison.OrdinalIgnoreCase);
        var during = await node.PsAsync("orders");
        Assert.Equal("running", during.State);
        Assert.True(TestNode.Lives(during.Pid));

        disk.MakeRoom();
        (await node.HoldfastAsync("restart", "orders")).Ok();
        var after = await node.PsAsync("orders");
        Assert.Equal(("running", before.Release), (after.State, after.Release));
        Assert.NotEqual(during.Pid, after.Pid);
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [SmallDisk.Fact]
    public async Task Law05_a_killed_service_is_back_and_counted_on_a_full_disk()
    {
        await using var disk = await SmallDisk.MountAsync(48);
        await using var node = await OnAsync(disk);
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var before = await node.PsAsync("orders");
        disk.Fill();

        TestNode.Signal(before.Pid, 9);

        var after = await node.SeeAsync("back", "orders", row => row.State == "running" && row.Pid > 0 && row.Pid != before.Pid);
        Assert.Equal(1, after.Restarts);
        disk.MakeRoom();
    }

    private static async Task<TestNode> OnAsync(SmallDisk disk)
    {
        var node = TestNode.Create(disk.NodeFolder);
        (await node.HoldfastAsync("keys", "init")).Ok();
        await node.StartAgentAsync();
        return node;
    }

    private static Task<string> SeeEventAsync(TestNode node, string kind) => Eventually.SeeAsync(
        $"the event {kind}",
        async () => (await node.HoldfastAsync("events", "orders", "-o", "json")).Output,
        events => events.Contains(kind, StringComparison.Ordinal));

    private static async Task<long> BeatsAsync(string pulse) =>
        File.Exists(pulse) && long.TryParse(await File.ReadAllTextAsync(pulse), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var beats) ? beats : 0;

    private static Task<double> DroppedAsync(TestNode node) => MetricAsync(node, "holdfast_output_dropped_lines_total");

    private static async Task<double> MetricAsync(TestNode node, string name)
    {
        var status = await node.HoldfastAsync("node", "-o", "json");
        status.Ok();
        using var json = JsonDocument.Parse(status.Output);
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri(json.RootElement.GetProperty("metrics").GetString()!));
        var line = text.Split('\n').SingleOrDefault(l => l.StartsWith(name + "{", StringComparison.Ordinal));
        return line is null ? -1 : double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    private static List<string> Listing(TestNode node, string folder)
    {
        var path = Path.Combine(node.Home, folder);
        return Directory.Exists(path) ? [.. Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
    }
}
