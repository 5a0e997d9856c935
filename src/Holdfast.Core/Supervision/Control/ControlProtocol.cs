namespace Holdfast.Core.Supervision.Control;

/// <summary>
/// The versions and bounds of the protocol between agent and supervisor (docs/adr/0003-supervisor-protocol.md).
/// </summary>
public static class ControlProtocol
{
    /// <summary>The oldest version that this build still speaks: that of the release before.</summary>
    public const int Oldest = 1;

    public const int Newest = 1;

    /// <summary>The largest payload of a frame, in bytes. A list of 3,000 instances is about 4 MiB.</summary>
    public const int LargestPayload = 16 << 20;

    /// <summary>The largest payload on a data channel (stdin, terminal), in bytes.</summary>
    public const int LargestData = 64 << 10;

    /// <summary>Who connects must have said hello within this time.</summary>
    public static readonly TimeSpan HelloWithin = TimeSpan.FromSeconds(5);

    /// <summary>The version both sides speak; null: there is none.</summary>
    public static int? Agree(int oldest, int newest)
    {
        var best = Math.Min(newest, Newest);
        return best >= Math.Max(oldest, Oldest) ? best : null;
    }
}
