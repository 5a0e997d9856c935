using Holdfast.Rpc.Config;

namespace Holdfast.Rpc.Client.Retries;

/// <summary>The tokens of one channel, in thousandths: what three decimals say is then exact.</summary>
internal readonly record struct RetryTokens(int Left, int Most, int Ratio)
{
    private const int Whole = 1000;

    public static RetryTokens Full(RetryThrottling throttling) =>
        new(throttling.MaxTokens * Whole, throttling.MaxTokens * Whole, (int)(throttling.TokenRatio * Whole + 1e-6));

    public bool AllowsRetries => Left > Most / 2;

    public RetryTokens AfterFailure() => this with { Left = Math.Max(Left - Whole, 0) };

    public RetryTokens AfterSuccess() => this with { Left = Math.Min(Left + Ratio, Most) };
}
