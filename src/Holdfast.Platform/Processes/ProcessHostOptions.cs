namespace Holdfast.Platform;

/// <summary>Lets an operator do without a mechanism that misbehaves on a host. Null: the best there is.</summary>
public sealed record ProcessHostOptions
{
    public ContainmentKind? Containment { get; init; }

    public BirthWay? Birth { get; init; }
}
