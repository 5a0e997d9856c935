using Holdfast.Cli.Commands;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>What is said of a node elsewhere before it is spoken to, and where an installed agent listens.</summary>
public sealed class RemoteNodeTests
{
    [Theory]
    [InlineData("server.no-identity", "ps", "--server", "node-1:7420")]
    [InlineData("server.none", "ps", "--identity", "alice.pem")]
    [InlineData("server.address", "ps", "--server", "https://node-1", "--identity", "alice.pem")]
    [InlineData("server.address", "ps", "--server", "node-1/x", "--identity", "alice.pem")]
    [InlineData("identity.not-there", "attach", "orders", "--server", "node-1", "--identity", "alice.pem")]
    [InlineData("server.local-command", "certs", "list", "--server", "node-1")]
    [InlineData("server.local-command", "doctor", "--identity", "alice.pem")]
    public async Task What_is_wrong_is_said_before_anybody_is_called(string rule, params string[] arguments)
    {
        using var folder = new TempFolder();
        var run = await Run.In(folder.Path, arguments);
        Assert.True(run.Code is ExitCode.BadInput or ExitCode.NotFound, $"{run.Code}");
        Assert.Contains($"[{rule}]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        using var folder = new TempFolder();
        var run = await Run.In(folder.Path, "ps", "--server", "https://node-1");
        Assert.Contains("[server.address]", run.Error, StringComparison.Ordinal);
        Assert.Contains("[server.no-identity]", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("0.0.0.0:7420", null, "0.0.0.0:7420")]
    [InlineData(null, "ExecStart=\"/opt/holdfast\" agent --supervisor external --listen \"[::]:7420\"\nRestart=always", "[::]:7420")]
    [InlineData(null, "\"C:\\Holdfast\\holdfast.exe\" agent --native --listen 10.1.2.3:7420", "10.1.2.3:7420")]
    [InlineData(null, "agent --supervisor external", null)]
    [InlineData("10.1.2.3:7421", "agent --listen 10.1.2.3:7420", "10.1.2.3:7421")]
    [InlineData("off", "agent --listen 10.1.2.3:7420", null)]
    public void An_installed_agent_listens_as_before_until_it_is_told_otherwise(string? given, string? installed, string? wanted) =>
        Assert.Equal(wanted, ListenOption.Kept(given, installed));

    [Theory]
    [InlineData("0.0.0.0:7420", true)]
    [InlineData("[::]:7420", true)]
    [InlineData("127.0.0.1:0", true)]
    [InlineData("7420", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("node-1:7420", false)]
    public void It_listens_at_an_address_with_a_port(string given, bool good) => Assert.Equal(good, ListenOption.Problem(given) is null);
}
