using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>The sample suffers, and what its users would see.</summary>
public sealed class PaymentsTests
{
    [PaymentsFact]
    public async Task A_hanging_service_is_noticed_and_restarted()
    {
        await using var node = await TestNode.StartAsync();
        var payments = await Payments.DeployAsync(node);
        var before = await payments.PsAsync();

        await payments.SufferAsync("hang");

        var after = await payments.SeeAsync("restarted", row => row.Pid != before.Pid && row is { State: "running", Health: "healthy" });
        Assert.Equal(1, after.Restarts);
        Assert.Matches("liveness|watchdog", (await node.HoldfastAsync("events", "payments")).Ok().Output);
    }

    [PaymentsFact]
    public async Task Grandchildren_that_changed_their_session_are_gone_after_a_stop()
    {
        await using var node = await TestNode.StartAsync();
        var payments = await Payments.DeployAsync(node);
        using var setsid = await payments.SufferAsync("fork?how=setsid&count=2&stubborn=true");
        using var doubled = await payments.SufferAsync("fork?how=double&count=2&stubborn=true&keep=true");
        int[] forked = [.. new[] { setsid!, doubled! }.SelectMany(answer => answer.RootElement.GetProperty("pids").EnumerateArray()).Select(pid => pid.GetInt32())];
        Assert.Equal(4, forked.Length);
        Assert.All(forked, pid => Assert.True(TestNode.Lives(pid)));

        (await node.HoldfastAsync("stop", "payments")).Ok();

        Assert.All(forked, pid => Assert.False(TestNode.Lives(pid)));
    }

    [PaymentsFact]
    public async Task An_unready_service_is_unhealthy_but_not_restarted()
    {
        await using var node = await TestNode.StartAsync();
        var payments = await Payments.DeployAsync(node);
        var before = await payments.PsAsync();

        await payments.SufferAsync("unready");
        var unhealthy = await payments.SeeAsync("unhealthy", row => row.Health == "unhealthy");
        Assert.Equal((before.Pid, "running", 0), (unhealthy.Pid, unhealthy.State, unhealthy.Restarts));

        await payments.SufferAsync("unready?off=true");
        var well = await payments.SeeAsync("healthy again", row => row.Health == "healthy");
        Assert.Equal(before.Pid, well.Pid);
    }

    [PaymentsFact]
    public async Task Law06_every_line_of_a_flood_is_there_in_order_and_counted()
    {
        const int Lines = 200_000;
        await using var node = await TestNode.StartAsync();
        var payments = await Payments.DeployAsync(node, "environment: {TRAFFIC: 0s}");

        await payments.SufferAsync($"flood?lines={Lines}&size=100&id=wave");

        var numbers = await Eventually.SeeAsync("the whole flood", () => FloodAsync(node), seen => seen.Count >= Lines);
        Assert.Equal(Enumerable.Range(1, Lines), numbers.Select(number => number - numbers[0] + 1));
        var metrics = await MetricsAsync(node);
        Assert.Contains("holdfast_output_dropped_lines_total{service=\"payments\",instance=\"payments-0\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotMatch("""holdfast_output_dropped_lines_total\{[^}]*\} [1-9]""", metrics);
    }

    [PaymentsFact]
    public async Task A_leak_beyond_the_limit_ends_in_a_restart_where_the_host_enforces_it()
    {
        await using var node = await TestNode.StartAsync();
        var payments = await Payments.DeployAsync(node, "limits: {memory: 64MiB}");
        var before = await payments.PsAsync();
        if ((await node.HoldfastAsync("ps", "-o", "json")).Ok().Output.Contains("limits.memory:", StringComparison.Ordinal))
            return; // The row says that this host does not enforce it: nothing more is promised.

        await payments.SufferAsync("leak?mb=512");

        var after = await payments.SeeAsync("restarted", row => row.Pid != before.Pid && row.State == "running");
        Assert.Equal(1, after.Restarts);
    }

    [PaymentsFact]
    public async Task A_permanent_exit_code_is_not_tried_again()
    {
        await using var node = await TestNode.StartAsync();
        var payments = await Payments.DeployAsync(node);

        await payments.SufferAsync("crash?code=78");

        var row = await payments.SeeAsync("failed", seen => seen.State == "failed");
        Assert.Contains("78", row.Reason, StringComparison.Ordinal);
        Assert.Equal(0, row.Restarts);
    }

    [PaymentsFact]
    public async Task Its_metrics_and_ours_are_valid()
    {
        await using var node = await TestNode.StartAsync();
        var payments = await Payments.DeployAsync(node);

        var ours = await MetricsAsync(node);
        Assert.Contains("holdfast_instance_state{service=\"payments\",instance=\"payments-0\",release=\"1\",state=\"running\"} 1", ours, StringComparison.Ordinal);
        foreach (var page in new[] { ours, await payments.GetAsync("/metrics") })
        {
            if (!Programs.Has("promtool"))
                return;
            var file = Path.Combine(node.Work, "metrics.txt");
            await File.WriteAllTextAsync(file, page);
            (await Programs.RunAsync("/bin/sh", ["-c", $"promtool check metrics < {file}"], node.Work)).Ok();
        }
    }

    private static async Task<IReadOnlyList<int>> FloodAsync(TestNode node)
    {
        var logs = (await node.HoldfastAsync("logs", "payments")).Ok();
        return [.. Regex.Matches(logs.Output, "^wave ([0-9]+) ", RegexOptions.Multiline).Select(line => int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture))];
    }

    private static async Task<string> MetricsAsync(TestNode node)
    {
        using var shown = System.Text.Json.JsonDocument.Parse((await node.HoldfastAsync("node", "-o", "json")).Ok().Output);
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(shown.RootElement.GetProperty("metrics").GetString()!));
    }
}
