namespace Holdfast.Core.Shipping;

/// <summary>What became of events that a sink was given.</summary>
public abstract record Delivery
{
    private Delivery()
    {
    }

    /// <summary>The receiver has all of them.</summary>
    public sealed record All : Delivery
    {
        public static All Of { get; } = new();
    }

    /// <summary>The receiver said of each by itself, in the order in which they were given.</summary>
    public sealed record Each(IReadOnlyList<EventAnswer> Answers) : Delivery;

    /// <summary>Nothing is known to be there: it did not answer, or it will take them later.</summary>
    /// <param name="Why">In a sentence.</param>
    /// <param name="NotBefore">As it asked for; null: it did not.</param>
    public sealed record Nothing(string Why, TimeSpan? NotBefore = null) : Delivery;

    /// <summary>It takes fewer at once, and has none.</summary>
    public sealed record TooMuch(string Why) : Delivery;
}

/// <summary>What a receiver said of one event.</summary>
public readonly record struct EventAnswer(EventEnd End, string Why = "");

public enum EventEnd
{
    Delivered,

    /// <summary>Not now; the same event may be taken later.</summary>
    Later,

    /// <summary>Not ever: it is put aside, with the reason.</summary>
    Never,
}
