using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;
using Xunit.Abstractions;

namespace Holdfast.Integration.Tests;

/// <summary>Whatever is killed, whenever: the node comes back to what is wanted.</summary>
public sealed class KillSoakTests(ITestOutputHelper output)
{
    private const int Rounds = 60;

    [Fact]
    [Trait("Category", "Soak")]
    public async Task Law11_after_any_kill_the_node_is_what_is_wanted_again()
    {
        var seed = Environment.GetEnvironmentVariable("HOLDFAST_SOAK_SEED") is { } given ? int.Parse(given) : Random.Shared.Next();
        output.WriteLine($"HOLDFAST_SOAK_SEED={seed}");
        var random = new Random(seed);
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders");
        (await orders.Write(Script("0"), Governed).DeployAsync()).Ok();

        for (var round = 1; round <= Rounds; round++)
        {
            var version = $"1.0.{round}";
            var package = await orders.Write(Script(version), Governed, version).SignedAsync(version);
            var change = random.Next(3) switch
            {
                0 => node.HoldfastAsync("deploy", package),
                1 => node.HoldfastAsync("restart", "orders"),
                _ => node.HoldfastAsync("rollback", "orders"),
            };
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(600)), TimeProvider.System);
            var victim = random.Next(3);
            output.WriteLine($"round {round}: {change.Status} while killing {victim switch { 0 => "the service", 1 => "the supervisor", _ => "the agent" }}");
            await KillAsync(node, victim);
            var answer = await change;
            Assert.Contains(answer.ExitCode, new[] { 0, 4, 5, 6, 7 });

            var row = await node.SeeAsync($"running in round {round}", "orders", seen => seen is { State: "running", Pid: > 0 });
            Assert.True(TestNode.Lives(row.Pid));
            Assert.Equal(1, await CopiesAsync(node));
            await Eventually.SeeAsync("no operation in progress", async () => (await node.HoldfastAsync("history", "orders")).Ok().Output,
                history => !history.Contains("deploying", StringComparison.Ordinal));
            (await node.HoldfastAsync("audit", "verify")).Ok();
        }
    }

    private const string Governed = "restart: {attempts: 1000, delays: [0s], window: 1h}";

    private static string Script(string version) => $"echo version {version}\n{ServiceFolder.Steady}";

    private static async Task KillAsync(TestNode node, int victim)
    {
        switch (victim)
        {
            case 0:
                var row = await node.PsAsync("orders");
                if (row.Pid > 0 && TestNode.Lives(row.Pid))
                    TestNode.Signal(row.Pid, 9);
                break;
            case 1:
                TestNode.Signal(node.SupervisorPid, 9);
                break;
            default:
                await node.KillAgentAsync();
                await node.StartAgentAsync();
                break;
        }
    }

    /// <summary>How many shells run this node's script. One that is about to become a command of the script still looks like it, and has it as its parent.</summary>
    private static async Task<int> CopiesAsync(TestNode node)
    {
        var found = await Programs.RunAsync("pgrep", ["-f", $"^/bin/sh {node.Home}/packages/.*/run.sh"], node.Work);
        var shells = found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToHashSet();
        return shells.Count(pid => ProcessFacts.Read(pid) is { } facts && !shells.Contains(facts.ParentPid));
    }
}
