namespace Holdfast.Platform;

/// <summary>Lets an operator do without a mechanism that misbehaves on a host. Null: the best there is.</summary>
public sealed record ProcessHostOptions
{
    public ContainmentKind? Containment { get; init; }

    public BirthWay? Birth { get; init; }

    /// <summary>
    /// Set: a start on any other thread than the one that made the host throws. A child dies with the thread that started it, so a keeper
    /// whose main thread makes the host cannot lose a service to a pool that shrinks.
    /// </summary>
    public bool OneThread { get; init; }
}
