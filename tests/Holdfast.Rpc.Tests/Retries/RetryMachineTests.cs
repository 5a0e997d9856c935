using Holdfast.Rpc.Client.Retries;
using Holdfast.Rpc.Config;

namespace Holdfast.Rpc.Tests.Retries;

public sealed class RetryMachineTests
{
    private static readonly RetryPolicy Policy = new()
    {
        MaxAttempts = 4,
        InitialBackoff = TimeSpan.FromSeconds(1),
        MaxBackoff = TimeSpan.FromSeconds(3),
        BackoffMultiplier = 2,
        RetryableStatusCodes = [StatusCode.Unavailable, StatusCode.Aborted],
    };

    [Theory]
    [InlineData(1, 0, 0.5, 1000)]
    [InlineData(1, 0, 0, 800)]
    [InlineData(1, 0, 1, 1200)]
    [InlineData(2, 1, 0.5, 2000)]
    [InlineData(3, 2, 0.5, 3000)]
    [InlineData(3, 2, 1, 3600)]
    [InlineData(3, 0, 0.5, 1000)] // the server said how long before
    public void Waits_grow_up_to_the_greatest_and_are_uneven(int attempt, int backoffs, double chance, int milliseconds) =>
        Assert.Equal(
            new RetryDecision.Again(TimeSpan.FromMilliseconds(milliseconds), new RetryState(attempt + 1, backoffs + 1)),
            Decide(new RetryState(attempt, backoffs), chance: chance));

    [Theory]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(100, 5)]
    public void The_last_attempt_is_the_last_and_nobody_makes_more_than_five(int said, int made)
    {
        var policy = Policy with { MaxAttempts = said };
        Assert.IsType<RetryDecision.Again>(Decide(new RetryState(made - 1, 0), policy: policy));
        Assert.Contains($"attempt {made} of {made}", GivenUp(Decide(new RetryState(made, 0), policy: policy)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, true)]
    [InlineData(StatusCode.Aborted, true)]
    [InlineData(StatusCode.Internal, false)]
    [InlineData(StatusCode.DeadlineExceeded, false)]
    [InlineData(StatusCode.Cancelled, false)]
    public void Only_what_the_policy_names_is_retried(StatusCode status, bool retried) =>
        Assert.Equal(retried, Decide(RetryState.First, status) is RetryDecision.Again);

    [Fact]
    public void The_server_may_say_how_long_and_then_waits_begin_anew()
    {
        Assert.Equal(new RetryDecision.Again(TimeSpan.FromMilliseconds(70), new RetryState(4, 0)), Decide(new RetryState(3, 2), pushback: "70"));
        Assert.Equal(new RetryDecision.Again(TimeSpan.Zero, new RetryState(2, 0)), Decide(RetryState.First, pushback: "0"));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("1.5")]
    [InlineData("2147483648")]
    public void What_is_no_time_means_no_retry(string pushback)
    {
        Assert.Contains($"'{pushback}'", GivenUp(Decide(RetryState.First, pushback: pushback)), StringComparison.Ordinal);
        Assert.True(RetryMachine.TakesToken(Policy, StatusCode.Internal, pushback));
    }

    [Fact]
    public void A_deadline_before_the_next_attempt_ends_it()
    {
        Assert.Contains("1000 ms", GivenUp(Decide(RetryState.First, left: TimeSpan.FromSeconds(1))), StringComparison.Ordinal);
        Assert.IsType<RetryDecision.Again>(Decide(RetryState.First, left: TimeSpan.FromSeconds(1.001)));
        Assert.IsType<RetryDecision.GiveUp>(Decide(RetryState.First, left: TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void Half_the_tokens_gone_is_no_retry_until_successes_bring_them_back()
    {
        var tokens = RetryTokens.Full(new RetryThrottling(4, 0.5));
        Assert.IsType<RetryDecision.Again>(Decide(RetryState.First, tokens: tokens = tokens.AfterFailure()));
        Assert.IsType<RetryDecision.GiveUp>(Decide(RetryState.First, tokens: tokens = tokens.AfterFailure()));
        Assert.IsType<RetryDecision.Again>(Decide(RetryState.First, tokens: tokens = tokens.AfterSuccess()));
        for (var i = 0; i < 10; i++) tokens = tokens.AfterFailure();
        Assert.Equal(0, tokens.Left);
        for (var i = 0; i < 10; i++) tokens = tokens.AfterSuccess();
        Assert.Equal(RetryTokens.Full(new RetryThrottling(4, 0.5)), tokens);
    }

    [Theory]
    [InlineData(0.1, 100)]
    [InlineData(0.0019, 1)]
    [InlineData(1.2345, 1234)]
    public void Three_decimals_of_the_ratio_count(double ratio, int thousandths) => Assert.Equal(thousandths, RetryTokens.Full(new RetryThrottling(10, ratio)).Ratio);

    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(1, 0, 0.8)]
    [InlineData(1, 1, 1.2)]
    [InlineData(2, 0.5, 1.6)]
    [InlineData(11, 0.5, 109.951)]
    [InlineData(12, 0.5, 120)]
    [InlineData(1_000_000, 1, 144)]
    public void Connections_are_tried_as_gRPC_does(int failures, double chance, double seconds) =>
        Assert.Equal(seconds, ConnectionBackoff.After(failures, chance).TotalSeconds, 3);

    private static RetryDecision Decide(
        RetryState state,
        StatusCode status = StatusCode.Unavailable,
        string? pushback = null,
        RetryTokens? tokens = null,
        TimeSpan? left = null,
        double chance = 0.5,
        RetryPolicy? policy = null) => RetryMachine.Decide(policy ?? Policy, state, status, pushback, tokens, left, chance);

    private static string GivenUp(RetryDecision decision) => Assert.IsType<RetryDecision.GiveUp>(decision).Reason;
}
