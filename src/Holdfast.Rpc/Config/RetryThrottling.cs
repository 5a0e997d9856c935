namespace Holdfast.Rpc.Config;

/// <summary>
/// Keeps the retries of all calls of a channel from burying a server that is in trouble: each failure takes a token, each success gives back a part of one, and
/// there are no retries while half the tokens or more are gone.
/// </summary>
/// <param name="MaxTokens">Above 0, at most 1000.</param>
/// <param name="TokenRatio">What a success gives back; above 0, three decimals count.</param>
public sealed record RetryThrottling(int MaxTokens, double TokenRatio);
