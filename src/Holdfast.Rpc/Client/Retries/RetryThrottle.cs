using Holdfast.Rpc.Config;

namespace Holdfast.Rpc.Client.Retries;

/// <summary>The tokens that all calls of a channel share.</summary>
internal sealed class RetryThrottle(RetryThrottling throttling)
{
    private readonly Lock one = new();
    private RetryTokens tokens = RetryTokens.Full(throttling);

    public void Succeeded()
    {
        lock (one) tokens = tokens.AfterSuccess();
    }

    /// <returns>What is left, with this failure or without it.</returns>
    public RetryTokens Failed(bool takesToken)
    {
        lock (one)
        {
            if (takesToken) tokens = tokens.AfterFailure();
            return tokens;
        }
    }
}
