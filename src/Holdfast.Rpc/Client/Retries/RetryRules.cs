using Holdfast.Rpc.Config;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client.Retries;

/// <summary>What all retries of a channel have in common: tokens and chance.</summary>
/// <param name="throttle">Null: nothing is throttled.</param>
internal sealed class RetryRules(RetryThrottle? throttle, Func<double> chance)
{
    public RetryDecision Decide(RetryPolicy policy, RetryState state, RpcException failure, TimeSpan? left)
    {
        var status = failure.Status.Code;
        var pushback = failure.Trailers.GetText(HeaderNames.Pushback);
        var tokens = throttle?.Failed(RetryMachine.TakesToken(policy, status, pushback));
        return RetryMachine.Decide(policy, state, status, pushback, tokens, left, chance());
    }

    public void Succeeded() => throttle?.Succeeded();
}
