namespace Holdfast.Identity.Certificates;

/// <summary>What a certificate's holder may do at the API. The words are in certificates and in the record: they stay.</summary>
public enum PeerRole
{
    /// <summary>What members of the group may at the local socket: deploy, start and stop, read.</summary>
    Operator,

    /// <summary>What root and the agent's own account may, too: upgrade, back up, record.</summary>
    Admin,

    /// <summary>An agent: it answers calls under its addresses, and calls other agents.</summary>
    Node,
}

/// <summary>The roles by their words.</summary>
public static class PeerRoles
{
    public static readonly string[] Words = ["operator", "admin", "node"];

    public static string Word(this PeerRole role) => Words[(int)role];

    /// <summary>Null: no role has that word.</summary>
    public static PeerRole? Find(string word) => Array.IndexOf(Words, word) is >= 0 and var at ? (PeerRole)at : null;
}
