using Holdfast.Core.Services;
using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Services;

public sealed class ValuesTests
{
    private const string Spec = """
        apiVersion: holdfast/v1
        kind: Service
        name: orders
        command: bin/orders
        environment: {LOG_LEVEL: info, TRAFFIC: 2s}
        limits: {memory: 256MiB, processes: 64}
        restart: {delays: [0s, 1s]}
        open: [environment.LOG_LEVEL, environment.NEW, limits.*, restart, secrets.DB]
        """;

    private const string Head = "apiVersion: holdfast/v1\nkind: Values\n";

    [Fact]
    public void Values_set_what_is_open_and_leave_the_rest()
    {
        var spec = Lay("environment: {LOG_LEVEL: warn, NEW: 1}\nlimits: {memory: 1GiB}\nsecrets: {DB: {file: /etc/db}}\n");

        Assert.Equal(new SortedDictionary<string, string> { ["LOG_LEVEL"] = "warn", ["TRAFFIC"] = "2s", ["NEW"] = "1" }, spec.Environment);
        Assert.Equal((1L << 30, 64), (spec.Limits.MemoryBytes, spec.Limits.Processes));
        Assert.Equal("/etc/db", spec.Secrets["DB"]);
    }

    [Fact]
    public void A_list_is_replaced_as_a_whole() =>
        Assert.Equal([TimeSpan.FromSeconds(9)], Lay("restart: {delays: [9s], attempts: 1}\n").Restart.Delays);

    [Fact]
    public void Values_of_the_service_s_own_name_are_taken() => Assert.Equal(1L << 30, Lay("name: orders\nlimits: {memory: 1GiB}\n").Limits.MemoryBytes);

    [Fact]
    public void Values_say_which_nodes_there_are_where_the_spec_opens_it()
    {
        const string open = "apiVersion: holdfast/v1\nkind: Service\nname: orders\ncommand: bin/orders\nplacement: {mode: active-standby, labels: {zone: a}}\nopen: [placement.possible, placement.preferred, placement.labels.*, placement.failback]\n";
        var values = Head + "placement: {possible: [p1, p2], preferred: [p2], labels: {rack: '7'}, failback: {from: '22:00', to: '04:00'}}\n";
        var placement = SpecFile.Read(open, "holdfast.yaml", values, "prod.yaml").Value.Placement;

        Assert.Equal(["p1", "p2"], placement.Possible);
        Assert.Equal(["p2"], placement.Preferred);
        Assert.Equal(new SortedDictionary<string, string> { ["zone"] = "a", ["rack"] = "7" }, placement.Labels);
        Assert.Equal(new FailbackSpec(FailbackMode.Between, new TimeOnly(22, 0), new TimeOnly(4, 0)), placement.Failback);
        Assert.Equal("values.not-open", Assert.Single(SpecFile.Read(open, "holdfast.yaml", Head + "placement: {mode: everywhere}\n", "prod.yaml").Problems).Rule);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    public void No_values_change_nothing(string? values) =>
        Assert.Equal(256L << 20, SpecFile.Read(Spec, "holdfast.yaml", values, null).Value.Limits.MemoryBytes);

    [Fact]
    public void Law08_a_key_that_is_not_open_is_refused_by_its_name()
    {
        var problem = Assert.Single(SpecFile.Read(Spec, "holdfast.yaml", Head + "environment:\n  TRAFFIC: 0s\n", "prod.yaml").Problems);

        Assert.Equal(("values.not-open", "prod.yaml:4:3"), (problem.Rule, problem.Where.ToString()));
        Assert.Contains("environment.TRAFFIC", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_that_values_bring_is_located_in_the_values()
    {
        var problem = Assert.Single(SpecFile.Read(Spec, "holdfast.yaml", Head + "limits:\n  memory: 1G\n", "prod.yaml").Problems);
        Assert.Equal(("spec.size", "prod.yaml:4:11"), (problem.Rule, problem.Where.ToString()));
    }

    private static ServiceSpec Lay(string values) => SpecFile.Read(Spec, "holdfast.yaml", Head + values, "prod.yaml").Value;
}
