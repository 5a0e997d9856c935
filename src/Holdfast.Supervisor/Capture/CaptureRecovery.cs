namespace Holdfast.Supervisor.Capture;

/// <summary>What a trouble cost.</summary>
/// <param name="Blocked">How long the service's writes were held up.</param>
public sealed record CaptureRecovery(long LinesDropped, long BytesDropped, TimeSpan Blocked, TimeSpan Lasted)
{
    /// <summary>One sentence.</summary>
    public override string ToString()
    {
        var cost = LinesDropped > 0 ? $"{LinesDropped} lines ({BytesDropped} bytes) were lost" : "no line was lost";
        return Blocked > TimeSpan.Zero ? $"output is written again; {cost}, the service was held up for {Blocked.TotalSeconds:0.0} s" : $"output is written again; {cost}";
    }
}
