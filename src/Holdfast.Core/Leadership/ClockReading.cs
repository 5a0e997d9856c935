using System.Globalization;

namespace Holdfast.Core.Leadership;

/// <summary>What a machine's clocks say at one moment.</summary>
/// <param name="Wall">The time of day.</param>
/// <param name="Boot">Since boot, suspend included.</param>
/// <param name="Awake">Since boot, without suspend.</param>
/// <param name="Generation">Another one when the virtual machine was put back to a snapshot, or copied; null: the machine does not tell.</param>
public readonly record struct ClockReading(DateTimeOffset Wall, TimeSpan Boot, TimeSpan Awake, string? Generation)
{
    /// <summary>By how much clocks may move against each other between two looks before nothing is believed that was sent earlier.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    /// <summary>Why what was sent before now proves nothing; null: there is no doubt. All that is to be doubted at once.</summary>
    /// <param name="before">The look before this one.</param>
    public string? WhyDoubt(ClockReading before)
    {
        List<string> doubts = [];
        // The time of day goes on in suspend as the time since boot does: only the clock that stands still then tells of it.
        var asleep = Boot - before.Boot - (Awake - before.Awake);
        if (asleep > Apart) doubts.Add($"the machine was suspended for {InWords(asleep)}");
        var moved = Wall - before.Wall - (Boot - before.Boot);
        if (moved.Duration() > Apart) doubts.Add($"the time of day moved by {InWords(moved)}");
        if (Generation != before.Generation) doubts.Add("the virtual machine is another than it was: it was put back to a snapshot, or copied");
        return doubts.Count > 0 ? string.Join("; ", doubts) : null;
    }

    private static string InWords(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
