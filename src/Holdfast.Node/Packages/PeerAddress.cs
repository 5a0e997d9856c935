namespace Holdfast.Node.Packages;

/// <summary>Another node, and where its agent answers.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Address">HOST:PORT; the host is one of those that its certificate is for.</param>
public sealed record PeerAddress(string Node, string Address)
{
    public override string ToString() => $"{Node} ({Address})";
}
