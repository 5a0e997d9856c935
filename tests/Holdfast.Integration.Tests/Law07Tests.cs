using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>No change without a record.</summary>
public sealed class Law07Tests
{
    [Fact]
    public async Task Law07_an_edited_record_is_found_and_named()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        (await node.HoldfastAsync("audit", "verify")).Ok();
        var file = Directory.EnumerateFiles(Path.Combine(node.Home, "audit"), "*.jsonl").Single();
        var text = await File.ReadAllTextAsync(file);
        Assert.Contains("\"orders\"", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace("\"orders\"", "\"ledger\"", StringComparison.Ordinal));

        var broken = (await node.HoldfastAsync("audit", "verify")).Expect(8);

        Assert.Contains("entry", broken.Output + broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Law07_the_intention_is_recorded_before_the_outcome_under_the_same_operation()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();

        var audit = (await node.HoldfastAsync("audit", "list", "-o", "json")).Ok();

        using var entries = System.Text.Json.JsonDocument.Parse(audit.Output);
        var deploys = entries.RootElement.EnumerateArray().Where(entry => entry.GetProperty("action").GetString() == "deploy").ToList();
        Assert.Equal(["intended", "done"], deploys.Select(entry => entry.GetProperty("outcome").GetString()));
        Assert.Single(deploys.Select(entry => entry.GetProperty("operation").GetString()).Distinct());
        Assert.Equal(Environment.UserName, deploys[0].GetProperty("actor").GetString());
    }

    [Fact]
    public async Task Law07_why_somebody_wants_a_change_is_in_the_record_also_where_it_is_refused()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        (await node.HoldfastAsync("stop", "orders", "--why", "CHG-4711: Zahlungslauf ändern")).Ok();
        (await node.HoldfastAsync("start", "payments", "--why", "INC-12")).Expect(4);
        var audit = (await node.HoldfastAsync("audit", "list", "-o", "json")).Ok();
        using var entries = System.Text.Json.JsonDocument.Parse(audit.Output);
        Assert.Equal(
            [("stop", "intended", "CHG-4711: Zahlungslauf ändern"), ("start", "refused", "INC-12")],
            entries.RootElement.EnumerateArray().Where(entry => entry.GetProperty("details").TryGetProperty("why", out _))
                .Select(entry => (entry.GetProperty("action").GetString()!, entry.GetProperty("outcome").GetString()!, entry.GetProperty("details").GetProperty("why").GetString()!)));
    }

    [Fact]
    public async Task Law07_what_was_exported_is_verified_without_the_node_and_outlives_its_agents()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        string In(string name) => Path.Combine(Path.GetDirectoryName(node.Home)!, name);
        await File.WriteAllTextAsync(In("key.pem"), (await node.HoldfastAsync("audit", "key")).Ok().Output);
        Assert.Equal(await File.ReadAllTextAsync(In("key.pem")), await File.ReadAllTextAsync(Path.Combine(node.Home, "audit", "public.pem")));
        (await node.HoldfastAsync("audit", "export", "--out", In("first.audit"))).Ok();
        (await node.HoldfastAsync("audit", "prove", "2", "--out", In("second.tlog-proof"))).Ok();
        File.Copy(Path.Combine(node.Home, "audit", "checkpoint"), In("kept"));

        await node.KillAgentAsync();
        await node.StartAgentAsync();
        (await node.HoldfastAsync("restart", "orders")).Ok();
        (await node.HoldfastAsync("audit", "verify")).Ok();
        (await node.HoldfastAsync("audit", "export", "--out", In("later.audit"))).Ok();

        (await node.HoldfastAsync("audit", "verify", In("first.audit"), "--key", In("key.pem"))).Ok();
        (await node.HoldfastAsync("audit", "verify", In("later.audit"), "--key", In("key.pem"), "--kept", In("kept"))).Ok();
        Assert.StartsWith("Proven: entry 2 of holdfast/", (await node.HoldfastAsync("audit", "verify", In("second.tlog-proof"), "--key", In("key.pem"))).Ok().Output, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(In("later.audit"));
        await File.WriteAllTextAsync(In("forged.audit"), text.Replace("\"orders\"", "\"ledger\"", StringComparison.Ordinal));
        Assert.Contains("is not what was written (changed)", (await node.HoldfastAsync("audit", "verify", In("forged.audit"), "--key", In("key.pem"))).Expect(8).Error, StringComparison.Ordinal);
    }
}
