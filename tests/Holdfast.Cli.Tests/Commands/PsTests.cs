using System.Text.Json;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Tests.Commands;

public sealed class PsTests
{
    [Fact]
    public async Task One_healthy_service_is_one_line()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Services.Instances = new ListInstancesResponse { Instances = { Samples.Running } };

        var run = await Run.Against(agent, "ps");

        Assert.Equal(
            """
            SERVICE   RELEASE  INSTANCE    STATE    HEALTH   PID    UPTIME  RESTARTS  CPU   MEM
            payments  1        payments-0  running  healthy  41233  12s     0         0.3%  9.8MiB

            """,
            run.Out);
        Assert.Equal(new Run(ExitCode.Ok, run.Out, ""), run);
    }

    [Theory]
    [InlineData("text", "ps.txt")]
    [InlineData("wide", "ps-wide.txt")]
    [InlineData("json", "ps.json")]
    [InlineData("yaml", "ps.yaml")]
    public async Task Every_format_is_as_it_was(string format, string golden)
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Services.Instances = Samples.All;

        var run = await Run.Against(agent, "ps", "-o", format);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Golden.Check(golden, run.Out);
    }

    [Fact]
    public async Task Json_has_the_promised_fields_first_in_the_promised_order()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Services.Instances = Samples.All;

        using var json = JsonDocument.Parse((await Run.Against(agent, "ps", "-o", "json")).Out);

        string[] promised = ["service", "release", "instance", "node", "state", "health", "pid", "startedAt", "restarts", "cpu", "memoryBytes", "packageDigest"];
        foreach (var instance in json.RootElement.EnumerateArray())
            Assert.Equal(promised, instance.EnumerateObject().Take(promised.Length).Select(p => p.Name));
    }

    [Fact]
    public async Task Yaml_says_the_same_as_json()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Services.Instances = Samples.All;

        var yaml = (await Run.Against(agent, "ps", "-o", "yaml")).Out;
        using var json = JsonDocument.Parse((await Run.Against(agent, "ps", "-o", "json")).Out);

        var read = (List<object>)new YamlDotNet.Serialization.DeserializerBuilder().Build().Deserialize<object>(yaml)!;
        for (var i = 0; i < json.RootElement.GetArrayLength(); i++)
        {
            var item = (Dictionary<object, object?>)read[i];
            Assert.Equal(json.RootElement[i].EnumerateObject().Select(p => p.Name), item.Keys.Cast<string>());
            foreach (var text in json.RootElement[i].EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String))
                Assert.Equal(text.Value.GetString(), item[text.Name]);
        }
    }

    [Fact]
    public async Task Without_services_machines_get_an_empty_list_and_people_a_hint()
    {
        await using var agent = await FakeAgent.StartAsync();

        Assert.Equal(new Run(ExitCode.Ok, "[]\n", ""), await Run.Against(agent, "ps", "-o", "json"));
        var run = await Run.Against(agent, "ps");
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Out));
        Assert.Contains("holdfast deploy", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_go_to_stderr()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Services.Instances = new ListInstancesResponse { Warnings = { "no supervisor answers" } };

        var run = await Run.Against(agent, "ps", "payments", "-o", "json");

        Assert.Equal(new Run(ExitCode.Ok, "[]\n", "warning: no supervisor answers\n"), run);
        Assert.Equal("payments", ((ListInstancesRequest)agent.Services.Asked.Single().Request).Service);
    }
}
