namespace Holdfast.Supervisor.Capture;

/// <summary>
/// How many lines an instance may write: so many a second over time, and a burst at once. A block that is larger than what is left is taken, and paid for afterwards: lines come as a service
/// writes them, and none is cut in two for a limit.
/// </summary>
/// <param name="perSecond">Lines; what is spared up comes back as fast as that.</param>
/// <param name="burst">Lines at once, at most.</param>
internal sealed class LineRate(long perSecond, long burst)
{
    private double left = burst;
    private TimeSpan at;

    /// <summary>Whether another block may be written now.</summary>
    /// <param name="now">On a clock that never goes back.</param>
    public bool Allows(TimeSpan now)
    {
        left = Math.Min(burst, left + (perSecond * (now - at).TotalSeconds));
        at = now;
        return left > 0;
    }

    /// <summary>A block was written.</summary>
    /// <param name="lines">That are in it.</param>
    public void Count(int lines) => left -= lines;
}
