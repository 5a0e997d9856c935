using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>Secrets never show.</summary>
public sealed class Law10Tests
{
    private const string Secret = "correct-horse-battery";

    [Fact]
    public async Task Law10_a_secret_reaches_the_service_and_nothing_else()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders");
        orders.WriteFile("../database.secret", Secret);
        orders.Write("""
            echo "length $(wc -c < "$DATABASE_FILE")"
            echo "the password is $(cat "$DATABASE_FILE")"
            echo "card 4111 1111 1111 1111"
            echo "Authorization: Bearer abcdefghijklmnop123456"
            """ + "\n" + ServiceFolder.Steady, $"secrets: {{DATABASE: {{file: {Path.Combine(node.Work, "database.secret")}}}}}");
        (await orders.DeployAsync()).Ok();
        await Eventually.SeeAsync("its output", () => JourneyTests.LinesAsync(node, "orders", line => line == "started"), lines => lines.Count == 1);

        var logs = (await node.HoldfastAsync("logs", "orders")).Ok().Output;

        Assert.Contains($"length {Secret.Length}", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("4111 1111 1111 1111", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdefghijklmnop123456", logs, StringComparison.Ordinal);
        Assert.Contains("[redacted:", logs, StringComparison.Ordinal);
        var pid = (await node.PsAsync("orders")).Pid;
        Assert.DoesNotContain(Secret, await File.ReadAllTextAsync($"/proc/{pid}/environ"), StringComparison.Ordinal);
        var found = await Programs.RunAsync("grep", ["-rlF", "--devices=skip", "--exclude-dir=secrets", Secret, node.Home], node.Work);
        Assert.True(found.ExitCode == 1, $"The secret is in: {found.Output}{found.Error}");
    }
}
