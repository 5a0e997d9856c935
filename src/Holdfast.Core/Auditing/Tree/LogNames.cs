namespace Holdfast.Core.Auditing.Tree;

/// <summary>How a node's log, and the node as a witness of others', is called in notes.</summary>
public static class LogNames
{
    /// <summary>What a log is known by: where it was begun (a node that joins a cluster later under another name keeps its log), and a number of its own.</summary>
    /// <param name="number">Nobody else's: 64 random bits, in hexadecimal digits.</param>
    public static string Origin(string node, string number) => $"holdfast/{Clean(node)}/audit/{number}";

    /// <summary>Under which name a node cosigns.</summary>
    public static string Witness(string node) => $"holdfast/{Clean(node)}/witness";

    private static string Clean(string node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var name = string.Concat(node.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
        return name.Length > 0 ? name : "_";
    }
}
