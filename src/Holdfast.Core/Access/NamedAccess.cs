namespace Holdfast.Core.Access;

/// <summary>Somebody who has rights in an area by an entry of his own, beside the account, its group and everybody.</summary>
/// <param name="Id">As entries of lists have it (<see cref="AccessEntry"/>).</param>
/// <param name="Name">For people: <c>the group team-payments</c>.</param>
/// <param name="Rights">On files.</param>
public sealed record NamedAccess(string Id, string Name, AccessRights Rights)
{
    /// <summary>Whoever may do something with what is in a folder passes through it.</summary>
    public AccessRights Of(bool isFolder) => isFolder && Rights != AccessRights.None ? Rights | AccessRights.Execute : Rights;
}
