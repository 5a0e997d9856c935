namespace Holdfast.Core.Leadership;

/// <summary>
/// How other nodes of the cluster are powered off from outside (<c>kind: Fencing</c>), as the administrator of the machine wrote it down that does it: immutable, checked. It is
/// never taken from the store, because what stands in it is executed.
/// </summary>
/// <param name="Nodes">The first that names the node, else the one for all.</param>
/// <param name="AutomaticAfter">A node that leads and has not renewed its lease for so long is fenced without being asked for; null: nobody is.</param>
public sealed record FencingRules(IReadOnlyList<FenceCommand> Nodes, TimeSpan? AutomaticAfter)
{
    public static FencingRules None { get; } = new([], null);

    /// <summary>The command for a node, with its name put in; null: there is none.</summary>
    public FenceCommand? For(string node)
    {
        var found = Nodes.FirstOrDefault(one => one.Node == node) ?? Nodes.FirstOrDefault(one => one.Node == FenceCommand.AnyNode);
        return found is null ? null : found with { Node = node, Command = Named(found.Command, node), Confirm = Named(found.Confirm, node) };
    }

    private static IReadOnlyList<string> Named(IReadOnlyList<string> words, string node) => [.. words.Select(word => word.Replace(FenceCommand.NodeWord, node, StringComparison.Ordinal))];
}

/// <summary>What powers a node off, and what proves that it is off.</summary>
/// <param name="Node">A name, or <see cref="AnyNode"/>.</param>
/// <param name="Command">The executable, absolute, and its arguments; no shell reads them.</param>
/// <param name="Confirm">The same; it exits with 0 when the machine is off, and is asked again until it does. Empty: that <paramref name="Command"/> exits with 0 is the proof.</param>
/// <param name="Within">How long each of both may take.</param>
public sealed record FenceCommand(string Node, IReadOnlyList<string> Command, IReadOnlyList<string> Confirm, TimeSpan Within)
{
    public const string AnyNode = "*";

    /// <summary>In an argument it stands for the node's name.</summary>
    public const string NodeWord = "{node}";

    public static TimeSpan UsuallyWithin { get; } = TimeSpan.FromSeconds(30);

    public static TimeSpan LongestWithin { get; } = TimeSpan.FromMinutes(10);
}
