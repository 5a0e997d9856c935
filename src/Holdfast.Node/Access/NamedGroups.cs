using Holdfast.Core.Access;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Platform;

namespace Holdfast.Node.Access;

/// <summary>The groups that a service's <c>access</c> names, found on this host.</summary>
internal static class NamedGroups
{
    /// <summary>Those that have something in an area.</summary>
    public static IReadOnlyList<NamedAccess> In(string area, IEnumerable<NamedGroup> groups) =>
        [.. groups.Select(group => new NamedAccess(group.Id, $"the group {group.Name}", Areas.Of(group.Granted, area))).Where(group => group.Rights != AccessRights.None)];

    /// <returns>Problems <c>account.no-such-group</c>, of all that are not there.</returns>
    public static Outcome<IReadOnlyList<NamedGroup>> Find(IReadOnlyDictionary<string, GroupRights> access)
    {
        ArgumentNullException.ThrowIfNull(access);
        var found = access.Select(group => (Entry: AccountDirectory.GroupEntry(group.Key), group.Key, group.Value)).ToList();
        List<Problem> problems = [.. found.SelectMany(group => group.Entry.Problems)];
        return problems.Count > 0 ? problems : Outcome.Of<IReadOnlyList<NamedGroup>>([.. found.Select(group => new NamedGroup(group.Entry.Value, group.Key, group.Value))]);
    }
}

/// <param name="Id">As entries of lists have it.</param>
/// <param name="Name">As <c>access</c> has it.</param>
public sealed record NamedGroup(string Id, string Name, GroupRights Granted);
