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
}
