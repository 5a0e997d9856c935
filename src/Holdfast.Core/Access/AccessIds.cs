namespace Holdfast.Core.Access;

/// <summary>By which entries a service's account is meant, and whose rights are never too wide.</summary>
/// <param name="Name">The account's.</param>
/// <param name="Id">The account's own.</param>
/// <param name="Groups">Its groups'.</param>
/// <param name="Trusted">System, administrators, the node.</param>
public sealed record AccessIds(string Name, string Id, IReadOnlySet<string> Groups, IReadOnlySet<string> Trusted)
{
    /// <summary>Everybody is meant: the rights of others.</summary>
    public static IReadOnlySet<string> Everybody { get; } = new HashSet<string>(StringComparer.Ordinal) { "o", "S-1-1-0", "S-1-5-11", "S-1-5-32-545" };

    /// <summary>The service runs under the node's account: nothing can be kept from it.</summary>
    public bool IsNode => Trusted.Contains(Id);

    /// <summary>Whether an entry means the account, and not everybody.</summary>
    public bool Means(string entry) => entry == Id || Groups.Contains(entry);
}
