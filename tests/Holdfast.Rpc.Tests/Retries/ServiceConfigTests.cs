using Holdfast.Rpc.Client.Retries;
using Holdfast.Rpc.Config;

namespace Holdfast.Rpc.Tests.Retries;

public sealed class ServiceConfigTests
{
    [Fact]
    public void All_of_it_is_read()
    {
        var config = ServiceConfig.Parse("""
            {
              "loadBalancingConfig": [{ "round_robin": {} }],
              "methodConfig": [{
                "name": [{ "service": "shop.v1.Shop", "method": "List" }, { "service": "shop.v1.Stock" }, {}],
                "timeout": "1.5s", "waitForReady": true, "maxRequestMessageBytes": 1000, "maxResponseMessageBytes": "2000",
                "retryPolicy": {
                  "maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 1.5,
                  "retryableStatusCodes": ["UNAVAILABLE", "resource_exhausted", 10, 14]
                }
              }],
              "retryThrottling": { "maxTokens": 10, "tokenRatio": 0.1 }
            }
            """);

        var method = Assert.Single(config.Methods);
        Assert.Equal([new("shop.v1.Shop", "List"), new("shop.v1.Stock"), new()], method.Names);
        Assert.Equal(TimeSpan.FromSeconds(1.5), method.Timeout);
        Assert.True(method.WaitForReady);
        Assert.Equal((1000, 2000), (method.MaxRequestMessageBytes, method.MaxResponseMessageBytes));
        var retry = method.Retry!;
        Assert.Equal((3, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(1), 1.5), (retry.MaxAttempts, retry.InitialBackoff, retry.MaxBackoff, retry.BackoffMultiplier));
        Assert.Equal([StatusCode.Unavailable, StatusCode.ResourceExhausted, StatusCode.Aborted], retry.RetryableStatusCodes);
        Assert.Equal(new RetryThrottling(10, 0.1), config.Throttling);
    }

    [Fact]
    public void The_most_specific_name_wins()
    {
        var rules = new MethodRules(ServiceConfig.Parse("""
            { "methodConfig": [
              { "name": [{}], "timeout": "1s" },
              { "name": [{ "service": "a.S" }], "timeout": "2s" },
              { "name": [{ "service": "a.S", "method": "M" }], "timeout": "3s" } ] }
            """));

        Assert.Equal([3, 2, 1], new[] { ("a.S", "/a.S/M"), ("a.S", "/a.S/m"), ("a.T", "/a.T/M") }.Select(name => rules.Find(name.Item1, name.Item2)!.Timeout!.Value.TotalSeconds));
        Assert.Null(new MethodRules(new ServiceConfig()).Find("a.S", "/a.S/M"));
    }

    [Fact]
    public void All_problems_are_told_at_once_with_place_and_mend()
    {
        Assert.False(ServiceConfig.TryParse(
            """
            {
              "methodConfigs": [],
              "methodConfig": [
                { "name": [], "timeout": "0s", "waitForReady": "yes", "maxRequestMessageBytes": -1, "maxResponseMessageBytes": 1.5 },
                { "name": [{ "method": "M" }, { "service": "a.S" }, { "service": "a.S", "method": "" }, 7],
                  "hedgingPolicy": { "maxAttempts": 2 }, "retryPolicy": { "maxAttempts": 1, "initialBackoff": "1", "backoffMultiplier": 0, "retryableStatusCodes": ["OK", "GONE", 99] } },
                { "name": 1, "retryPolicy": { "maxAttempts": 2, "initialBackoff": "1s", "maxBackoff": "-1s", "backoffMultiplier": 2, "retryableStatusCodes": [], "maxAttempt": 2 } }
              ],
              "retryThrottling": { "maxTokens": 1001, "tokenRatio": 0 }
            }
            """,
            out _,
            out var problems));

        Assert.Equal(
            [
                "methodConfigs", "methodConfig[0].waitForReady", "methodConfig[0].maxResponseMessageBytes", "methodConfig[1].hedgingPolicy", "methodConfig[1].name[3]",
                "methodConfig[1].retryPolicy.initialBackoff", "methodConfig[1].retryPolicy.maxBackoff",
                "methodConfig[1].retryPolicy.retryableStatusCodes[1]", "methodConfig[1].retryPolicy.retryableStatusCodes[2]",
                "methodConfig[2].name", "methodConfig[2].retryPolicy.maxAttempt",
                "methodConfig[0].name", "methodConfig[0].timeout", "methodConfig[0].maxRequestMessageBytes",
                "methodConfig[1].name[0]", "methodConfig[1].name[2]", "methodConfig[1].retryPolicy.maxAttempts", "methodConfig[1].retryPolicy.backoffMultiplier",
                "methodConfig[1].retryPolicy.retryableStatusCodes", "methodConfig[2].retryPolicy.maxBackoff", "methodConfig[2].retryPolicy.retryableStatusCodes",
                "retryThrottling.maxTokens", "retryThrottling.tokenRatio",
            ],
            problems.Select(problem => problem.Where));
        Assert.All(problems, problem => Assert.True(problem.What.Length > 0 && problem.Mend.Length > 0, $"{problem}"));
        Assert.Contains(problems, problem => problem.ToString() == "methodConfig[1].hedgingPolicy: hedging is not supported here; use retryPolicy, which makes one attempt at a time");
        Assert.Contains(problems, problem => problem.What == "/a.S/ has its entry at methodConfig[1].name[1]");

    }

    [Theory]
    [InlineData("", "1:1")]
    [InlineData("{\n  \"methodConfig\": [,]\n}", "2:20")]
    [InlineData("[]", "service config")]
    [InlineData("{ \"methodConfig\": {} }", "methodConfig")]
    public void What_is_no_config_at_all_is_told_with_its_place(string json, string where)
    {
        var failed = Assert.Throws<ServiceConfigException>(() => ServiceConfig.Parse(json));
        Assert.Equal(where, Assert.Single(failed.Problems).Where);
    }

    [Fact]
    public void A_key_said_twice_is_a_problem() =>
        Assert.Contains("twice", Assert.Throws<ServiceConfigException>(() => ServiceConfig.Parse("""{ "methodConfig": [], "methodConfig": [] }""")).Message, StringComparison.Ordinal);

    [Fact]
    public void What_a_program_writes_down_is_checked_as_well()
    {
        var config = new ServiceConfig { Methods = [new MethodConfig { Names = [new()], Timeout = TimeSpan.FromSeconds(-2) }], Throttling = new(0, double.NaN) };
        Assert.Equal(
            [
                "methodConfig[0].timeout: -2s is not above 0; a time such as \"0.5s\"",
                "retryThrottling.maxTokens: 0 is out of its bounds; 1 to 1000",
                "retryThrottling.tokenRatio: NaN is out of its bounds; 0.001 to 1000, such as 0.1",
            ],
            config.Problems().Select(problem => problem.ToString()));
        Assert.Throws<ServiceConfigException>(() => new MethodRules(config));
    }
}
