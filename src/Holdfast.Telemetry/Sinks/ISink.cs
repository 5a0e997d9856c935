using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sinks;

/// <summary>
/// Where events are delivered. It says of an event that it is delivered only when the receiver has it, as far as the receiver can say; it never waits to try again by itself, drops nothing,
/// and may be asked for the same event again. One call at a time.
/// </summary>
public interface ISink : IAsyncDisposable
{
    /// <param name="batch">Valid until the call returns.</param>
    /// <param name="asked">Which of its events, by their places, ascending but where some must come again.</param>
    /// <param name="cancel">Gives up; what became of the events is not known then.</param>
    /// <returns>What became of each. Never a fault of the receiver as an exception.</returns>
    Task<Delivery> DeliverAsync(EventBatch batch, IReadOnlyList<int> asked, CancellationToken cancel);
}
