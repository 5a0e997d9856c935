using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Tests.Commands;

public sealed class OperationTests
{
    [Fact]
    public async Task Deploy_sends_the_package_whole_and_follows_the_release()
    {
        await using var agent = await FakeAgent.StartAsync();
        var content = new byte[200_001];
        new Random(7).NextBytes(content);
        await File.WriteAllBytesAsync(Path.Combine(agent.Home.Path, "payments-1.0.0.hfpkg"), content);
        await File.WriteAllTextAsync(Path.Combine(agent.Home.Path, "prod.yaml"), "environment: {}\n");
        agent.Packages.Response = new PushResponse { PackageDigest = "sha256:abc", Service = "payments", Version = "1.0.0", Signers = { "CN=Alice", "CN=Bob" } };
        agent.Services.Progress.Add(new Progress { Step = "starting", Message = "release 1 starts" });
        agent.Services.Progress.Add(new Progress { Step = "done", Message = "release 1 is ready" });

        var run = await Run.Against(agent, "deploy", "payments-1.0.0.hfpkg", "--values", "prod.yaml");

        Assert.Equal(
            new Run(
                ExitCode.Ok, "",
                "sending       payments-1.0.0.hfpkg (195KiB)\nadmitted      payments 1.0.0, sha256:abc, signed by CN=Alice and CN=Bob\n"
                + "starting      release 1 starts\ndone          release 1 is ready\n"),
            run);
        Assert.Equal("payments-1.0.0.hfpkg", agent.Packages.Name);
        Assert.Equal(content, agent.Packages.Received);
        var request = (DeployRequest)agent.Services.Asked.Single().Request;
        Assert.Equal(("sha256:abc", "environment: {}\n", "prod.yaml"), (request.PackageDigest, request.Values, request.ValuesName));
        Assert.NotEmpty(request.RequestId);
    }

    [Fact]
    public async Task Deploy_goes_on_where_the_connection_broke()
    {
        await using var agent = await FakeAgent.StartAsync();
        var content = new byte[200_001];
        new Random(7).NextBytes(content);
        await File.WriteAllBytesAsync(Path.Combine(agent.Home.Path, "x.hfpkg"), content);
        agent.Packages.CutAt = 100_000;

        var run = await Run.Against(agent, "deploy", "x.hfpkg");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(content, agent.Packages.Received);
        Assert.Equal([0, 131_072], agent.Packages.Offsets);
        Assert.StartsWith("sending       x.hfpkg (195KiB)\nThe connection broke; going on when the node answers.\nsending       x.hfpkg (195KiB, from byte 131072 on)\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deploy_that_was_rolled_back_ends_with_7_and_the_reason()
    {
        await using var agent = await FakeAgent.StartAsync();
        await File.WriteAllBytesAsync(Path.Combine(agent.Home.Path, "x.hfpkg"), [1]);
        agent.Services.Failure = () => ProblemTranslation.ToException([new Problem(ProblemKind.Failed, "operation.deploy-failed", "Not ready in 60s; release 1 is back")]);

        var run = await Run.Against(agent, "deploy", "x.hfpkg");

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.EndsWith("Not ready in 60s; release 1 is back [operation.deploy-failed]\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Start", "start", "payments")]
    [InlineData("Stop", "stop", "payments")]
    [InlineData("Restart", "restart", "payments")]
    [InlineData("Reload", "reload", "payments")]
    [InlineData("Rollback", "rollback", "payments")]
    [InlineData("Signal", "signal", "payments", "HUP")]
    [InlineData("Remove", "remove", "payments")]
    public async Task Every_operation_asks_for_what_it_says(string method, params string[] command)
    {
        await using var agent = await FakeAgent.StartAsync();

        Assert.Equal(ExitCode.Ok, (await Run.Against(agent, command)).Code);

        Assert.Equal(method, agent.Services.Asked.Single().Method);
    }

    [Fact]
    public async Task Options_of_operations_arrive()
    {
        await using var agent = await FakeAgent.StartAsync();
        await Run.Against(agent, "rollback", "a", "--to", "3");
        await Run.Against(agent, "signal", "b", "sigusr1");
        await Run.Against(agent, "remove", "c", "--purge");

        var asked = agent.Services.Asked.Select(a => a.Request).ToList();

        Assert.Equal(("a", 3), (((RollbackRequest)asked[0]).Service, ((RollbackRequest)asked[0]).Release));
        Assert.Equal(("b", "USR1"), (((SignalRequest)asked[1]).Service, ((SignalRequest)asked[1]).Signal));
        Assert.Equal(("c", true), (((RemoveRequest)asked[2]).Service, ((RemoveRequest)asked[2]).Purge));
    }

    [Fact]
    public async Task Law03_an_operation_is_followed_across_agents_under_the_same_id()
    {
        var first = await FakeAgent.StartAsync();
        first.Services.Progress.Add(new Progress { Step = "stopping", Message = "the old one stops" });
        first.Services.Until = new TaskCompletionSource().Task;
        var running = Run.Against(first, "restart", "payments");
        // Who has heard nothing yet does not know that it was taken, and says that there is no agent.
        while (first.Services.Sent.IsEmpty) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        await first.StopAsync();

        await using var second = await FakeAgent.StartAsync(first.Home);
        second.Services.Progress.Add(new Progress { Step = "stopping", Message = "the old one stops" });
        second.Services.Progress.Add(new Progress { Step = "done", Message = "ready" });
        var run = await running.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal("stopping      the old one stops\nThe agent has gone; waiting for the next one.\ndone          ready\n", run.Error);
        Assert.Equal(
            ((ServiceRequest)first.Services.Asked.Single().Request).RequestId,
            ((ServiceRequest)second.Services.Asked.Single().Request).RequestId);
    }
}
