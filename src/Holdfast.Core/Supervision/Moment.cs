namespace Holdfast.Core.Supervision;

/// <summary>What the world lends to one step of a decision.</summary>
/// <param name="Clock">A clock that only goes forward, since boot. Every duration and deadline is measured on it.</param>
/// <param name="Wall">The time of day, for people. Nothing is decided by it.</param>
/// <param name="Chance">A number from 0 up to 1, drawn for this step: what jitter is made of.</param>
public readonly record struct Moment(TimeSpan Clock, DateTimeOffset Wall, double Chance = 0);
