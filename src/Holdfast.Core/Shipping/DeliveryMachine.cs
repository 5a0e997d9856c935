using System.Collections.Immutable;

namespace Holdfast.Core.Shipping;

/// <summary>
/// How a batch of events is brought to a sink, as one pure function. Its promises: the batch is over only when each of its events is delivered or refused for good; what the receiver has
/// is not sent to it again; nothing is given up because it takes long.
/// </summary>
public static class DeliveryMachine
{
    /// <summary>The first wait after a failure; it doubles from failure to failure.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);

    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>A batch of so many events.</summary>
    public static DeliveryState Begin(int events) => new() { Left = [.. Enumerable.Range(0, events)], AtOnce = events };

    /// <param name="said">Of the events that <see cref="DeliveryState.Asked"/> named.</param>
    /// <param name="chance">0 to 1: by how much of a fifth a wait is shortened, so that many nodes do not come back at the same moment.</param>
    public static DeliveryStep Step(DeliveryState now, Delivery said, double chance)
    {
        ArgumentNullException.ThrowIfNull(now);
        return said switch
        {
            Delivery.All => Settle(now, _ => new(EventEnd.Delivered), chance),
            Delivery.Each each when each.Answers.Count == now.Asked.Count => Settle(now, i => each.Answers[i], chance),
            Delivery.Each each => Wait(now, $"it answered for {each.Answers.Count} of {now.Asked.Count} events", null, chance),
            Delivery.TooMuch much when now.Asked.Count > 1 => new(now with { AtOnce = now.Asked.Count / 2 }, [], TimeSpan.Zero, much.Why),
            Delivery.TooMuch much => Settle(now, _ => new(EventEnd.Never, much.Why), chance),
            Delivery.Nothing nothing => Wait(now, nothing.Why, nothing.NotBefore, chance),
            _ => throw new ArgumentOutOfRangeException(nameof(said), said, "No such delivery."),
        };
    }

    private static DeliveryStep Settle(DeliveryState now, Func<int, EventAnswer> answer, double chance)
    {
        var refused = new List<RefusedEvent>();
        var later = ImmutableArray.CreateBuilder<int>();
        var why = "";
        for (var i = 0; i < now.Asked.Count; i++)
        {
            var said = answer(i);
            if (said.End == EventEnd.Never) refused.Add(new(now.Asked[i], said.Why));
            if (said.End != EventEnd.Later) continue;
            later.Add(now.Asked[i]);
            why = said.Why;
        }

        // In their order: those that must come again before those that were not sent yet.
        var left = now with { Left = [.. later, .. now.Left.Skip(now.Asked.Count)] };
        if (later.Count == 0) return new(left with { Failures = 0 }, refused, TimeSpan.Zero, "");
        // Whoever has taken some of them takes more soon.
        return Wait(later.Count < now.Asked.Count ? left with { Failures = 0 } : left, why, null, chance) with { Refused = refused };
    }

    private static DeliveryStep Wait(DeliveryState now, string why, TimeSpan? notBefore, double chance)
    {
        var doubled = FirstWait * Math.Pow(2, Math.Min(now.Failures, 16));
        var wait = (doubled < LongestWait ? doubled : LongestWait) * (1 - (0.2 * Math.Clamp(chance, 0, 1)));
        return new(now with { Failures = now.Failures + 1 }, [], notBefore > wait ? notBefore.Value : wait, why);
    }
}

/// <summary>How far a batch has come.</summary>
public sealed record DeliveryState
{
    /// <summary>Events of the batch by their place in it, that are neither delivered nor refused.</summary>
    public required ImmutableArray<int> Left { get; init; }

    /// <summary>So many are sent at once.</summary>
    public required int AtOnce { get; init; }

    /// <summary>In a row.</summary>
    public int Failures { get; init; }

    /// <summary>Those to send next.</summary>
    public IReadOnlyList<int> Asked => Left.Length <= AtOnce ? Left : Left[..AtOnce];

    public bool IsOver => Left.IsEmpty;
}

/// <summary>What one answer led to.</summary>
/// <param name="Refused">To put aside now, before the batch goes on.</param>
/// <param name="Wait">Before the next are sent.</param>
/// <param name="Why">Nothing of it, or not all, was taken; empty: all was.</param>
public sealed record DeliveryStep(DeliveryState State, IReadOnlyList<RefusedEvent> Refused, TimeSpan Wait, string Why);

/// <param name="Event">Its place in the batch.</param>
/// <param name="Why">As the receiver said.</param>
public sealed record RefusedEvent(int Event, string Why);
