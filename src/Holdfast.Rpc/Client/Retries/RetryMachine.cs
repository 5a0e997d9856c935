using System.Globalization;
using Holdfast.Rpc.Config;

namespace Holdfast.Rpc.Client.Retries;

/// <summary>Decides by gRFC A6 whether a call that failed is made again, and when. Time and chance are arguments.</summary>
internal static class RetryMachine
{
    private const double LeastJitter = 0.8, JitterRange = 0.4;

    /// <param name="policy">The method's.</param>
    /// <param name="state">The attempt that failed.</param>
    /// <param name="status">How.</param>
    /// <param name="pushback">What the server's <c>grpc-retry-pushback-ms</c> says; null: nothing.</param>
    /// <param name="tokens">What is left after this failure; null: nothing is throttled.</param>
    /// <param name="left">Until the call's deadline; null: it has none.</param>
    /// <param name="chance">0 to 1.</param>
    public static RetryDecision Decide(
        RetryPolicy policy, RetryState state, StatusCode status, string? pushback, RetryTokens? tokens, TimeSpan? left, double chance)
    {
        if (!policy.RetryableStatusCodes.Contains(status)) return GiveUp($"{status} is not retried");
        var most = Math.Min(policy.MaxAttempts, RetryPolicy.MostAttempts);
        if (state.Attempt >= most) return GiveUp($"that was attempt {state.Attempt} of {most}");
        var asked = Pushback(pushback);
        if (pushback is not null && asked is null) return GiveUp($"the server wants no retry (it pushes back by '{pushback}')");
        if (tokens is { AllowsRetries: false }) return GiveUp("too many calls to this server fail");
        var after = asked ?? Backoff(policy, state.Backoffs, chance);
        if (after >= left) return GiveUp($"the deadline is before the next attempt, which is due in {after.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture)} ms");
        return new RetryDecision.Again(after, new RetryState(state.Attempt + 1, asked is null ? state.Backoffs + 1 : 0));
    }

    /// <summary>Whether a failure takes a token: the server is in trouble, or says that it wants no retries.</summary>
    public static bool TakesToken(RetryPolicy policy, StatusCode status, string? pushback) =>
        policy.RetryableStatusCodes.Contains(status) || (pushback is not null && Pushback(pushback) is null);

    private static RetryDecision.GiveUp GiveUp(string reason) => new(reason);

    /// <summary>Null: negative or no number.</summary>
    private static TimeSpan? Pushback(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds >= 0
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    private static TimeSpan Backoff(RetryPolicy policy, int backoffs, double chance)
    {
        var seconds = Math.Min(policy.InitialBackoff.TotalSeconds * Math.Pow(policy.BackoffMultiplier, backoffs), policy.MaxBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Min(seconds * (LeastJitter + JitterRange * chance), RpcLimits.MaxTimer.TotalSeconds));
    }
}
