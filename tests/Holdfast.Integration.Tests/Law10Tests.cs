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
        foreach (var file in Directory.EnumerateFiles(node.Home, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/run/secrets/", StringComparison.Ordinal)))
        {
            if (new FileInfo(file) is { Length: > 0 } && !file.EndsWith(".sock", StringComparison.Ordinal))
                Assert.False(Content(file).AsSpan().IndexOf("correct-horse-battery"u8) >= 0, $"The secret is in {file}");
        }
    }

    /// <summary>Also of files that somebody else has locked.</summary>
    private static byte[] Content(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
