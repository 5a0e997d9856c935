using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Supervision;

/// <summary>A service that runs, should write, and does not: it looks healthy, and nobody would learn anything from it.</summary>
public static class Silence
{
    /// <param name="status">Of the instance.</param>
    /// <param name="within">By its spec; null: it need not write.</param>
    /// <param name="now">As the node's clock says.</param>
    /// <returns>A sentence, without a full stop; null: it is not silent.</returns>
    public static string? Of(InstanceStatus status, TimeSpan? within, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (within is not { } longest || status.State != InstanceState.Running || status.StartedAt is not { } started) return null;
        // One that was just started has had no time to write.
        var since = status.Capture.LastLineAt is { } last && last > started ? last : started;
        var silent = now - since;
        return silent > longest ? $"it has written nothing for {DurationText.Format(TimeSpan.FromSeconds(Math.Floor(silent.TotalSeconds)))}, and is to write at least every {DurationText.Format(longest)} (output.silence)" : null;
    }
}
