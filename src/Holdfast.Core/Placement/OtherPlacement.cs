namespace Holdfast.Core.Placement;

/// <summary>What a decision has to know of another service.</summary>
/// <param name="Nodes">Where it is to run; with active-standby its leader's node alone.</param>
/// <param name="Avoid">The services that it is rather not with.</param>
/// <param name="NeverWith">The services that it is never with.</param>
public sealed record OtherPlacement(string Service, IReadOnlyList<string> Nodes, IReadOnlyList<string> Avoid, IReadOnlyList<string> NeverWith)
{
    public bool IsOn(string node) => Nodes.Contains(node);
}
