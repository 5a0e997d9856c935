using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Clusters;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>What is said on the two sides of a joining.</summary>
public sealed class JoinTests
{
    private static readonly JoinToken Token = new(new byte[JoinToken.SecretBytes], new string('a', 64), "node-2", "127.0.0.1:1");

    [Fact]
    public async Task The_token_is_all_that_stands_on_the_output_so_that_it_can_be_piped()
    {
        await using var agent = await FakeAgent.StartAsync();
        var run = await Run.Against(agent, "cluster", "token", "--for", "node-2");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal("hfjoin1.abc\n", run.Out);
        Golden.Check("cluster-token.txt", run.Error);
        Assert.Equal(("node-2", 10), (agent.Cluster.Asked!.Node, agent.Cluster.Asked.Minutes));
    }

    [Theory]
    [InlineData("cluster.token-form", "cluster", "join", "--token", "hfjoin1.abc")]
    [InlineData("cli.arguments", "cluster", "join")]
    [InlineData("cli.arguments", "cluster", "token", "--for", "node-2", "--minutes", "61")]
    [InlineData("server.local-command", "cluster", "join", "--token", "hfjoin1.abc", "--server", "node-1")]
    public async Task What_is_wrong_is_said_before_anybody_is_called(string rule, params string[] arguments)
    {
        using var folder = new TempFolder();
        var run = await Run.In(folder.Path, [.. arguments, "--home", folder.Path]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains($"[{rule}]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_cannot_be_reached_leaves_no_membership()
    {
        using var folder = new TempFolder();
        var run = await Run.In(folder.Path, "cluster", "join", "--token", Token.Text(), "--home", folder.Path);
        Assert.Equal(ExitCode.Unavailable, run.Code);
        Assert.Contains("127.0.0.1:1 does not answer", run.Error, StringComparison.Ordinal);
        Assert.Contains("[cluster.not-reached]", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder.Path, "keys"), "*.pem", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_home_that_has_joined_does_not_join_again()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "keys", "pki"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "keys", "pki", "node.pem"), "");
        var run = await Run.In(folder.Path, "cluster", "join", "--token", Token.Text(), "--home", folder.Path);
        Assert.Equal(ExitCode.Conflict, run.Code);
        Assert.Contains("[cluster.member]", run.Error, StringComparison.Ordinal);
    }
}
