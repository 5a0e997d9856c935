using Holdfast.Core.Access;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Access;

public sealed class AccessJudgementTests
{
    private const AccessRights ReadsAndRuns = AccessRights.Read | AccessRights.Execute;
    private const AccessRights All = ReadsAndRuns | AccessRights.Write;

    private static readonly AccessIds Payments = new("payments", "u:1001", Set("g:1001"), Set("u:0", "g:0"));
    private static readonly WantedAccess Code = new("code", "/opt/payments", ReadsAndRuns, ReadsAndRuns);
    private static readonly WantedAccess Data = new("data", "/data", All, AccessRights.None);

    [Fact]
    public void What_the_administrator_owns_and_all_read_is_as_code_is_to_be() =>
        Assert.Empty(AccessJudgement.Differences(Code, Posix("u:0", All, "g:0", ReadsAndRuns, ReadsAndRuns), Payments, isFolder: true));

    [Fact]
    public void Law01_who_may_write_code_is_named_the_account_itself_not_excepted()
    {
        Assert.Equal(["g:1001 may write it", "everybody may write it"], AccessJudgement.Differences(Code, Posix("u:0", All, "g:1001", All, All), Payments, isFolder: false));
        Assert.Equal(["u:1001 may write it"], AccessJudgement.Differences(Code, Posix("u:1001", All, "g:0", ReadsAndRuns, ReadsAndRuns), Payments, isFolder: false));
    }

    [Fact]
    public void What_the_account_lacks_is_told_by_the_entry_that_decides()
    {
        // The group's members are not everybody.
        Assert.Equal(["payments cannot list or enter it"], AccessJudgement.Differences(Code, Posix("u:0", All, "g:1001", AccessRights.None, ReadsAndRuns), Payments, isFolder: true));
        Assert.Equal(["payments cannot read it"], AccessJudgement.Differences(Code, Posix("u:0", All, "g:0", ReadsAndRuns, AccessRights.None), Payments, isFolder: false));
        Assert.Empty(AccessJudgement.Differences(Code, Posix("u:0", All, "g:1001", ReadsAndRuns, AccessRights.None), Payments, isFolder: true));
    }

    [Fact]
    public void Data_is_the_account_s_and_nobody_else_s()
    {
        Assert.Empty(AccessJudgement.Differences(Data, Posix("u:1001", All, "g:1001", ReadsAndRuns, AccessRights.None), Payments, isFolder: true));
        Assert.Equal(
            ["u:1002 may list, write and enter it", "everybody may list and enter it", "payments cannot write it"],
            AccessJudgement.Differences(Data, Posix("u:1002", All, "g:1001", ReadsAndRuns, ReadsAndRuns), Payments, isFolder: true));
    }

    /// <summary>Entries of a list are added up, and rights of everybody are the account's as well.</summary>
    [Fact]
    public void On_Windows_all_entries_count()
    {
        var ids = new AccessIds("payments", "S-1-5-80-1", Set(), Set("S-1-5-18", "S-1-5-32-544"));
        var list = new SeenAccess("C:\\app", [new("S-1-5-32-544", "Administrators", All), new("S-1-5-32-545", "Users", AccessRights.Read), new("S-1-5-80-1", "payments", AccessRights.Execute)], FirstDecides: false);
        Assert.Empty(AccessJudgement.Differences(Code, list, ids, isFolder: true));
        var open = list with { Entries = [.. list.Entries, new("S-1-5-21-1-2-3-1001", "BANK\\bob", AccessRights.Write)] };
        Assert.Equal(["BANK\\bob may write it"], AccessJudgement.Differences(Code, open, ids, isFolder: true));
    }

    [Fact]
    public void From_a_service_under_the_node_s_account_nothing_is_kept_and_strangers_are_told_all_the_same()
    {
        var ids = new AccessIds("root", "u:0", Set("g:0"), Set("u:0", "g:0"));
        Assert.True(ids.IsNode);
        Assert.Empty(AccessJudgement.Differences(Data, Posix("u:0", AccessRights.None, "g:0", AccessRights.None, AccessRights.None), ids, isFolder: true));
        Assert.Equal(["everybody may write it"], AccessJudgement.Differences(Data, Posix("u:0", All, "g:0", AccessRights.None, AccessRights.Write), ids, isFolder: true));
    }

    [Fact]
    public void An_account_in_a_trusted_group_is_not_the_node_and_what_it_lacks_is_told()
    {
        var ids = Payments with { Groups = Set("g:0") };
        Assert.False(ids.IsNode);
        Assert.Equal(["payments cannot list or enter it"], AccessJudgement.Differences(Code, Posix("u:0", All, "g:0", AccessRights.None, ReadsAndRuns), ids, isFolder: true));
    }

    [Fact]
    public void A_named_group_has_what_it_is_given_and_no_more_and_what_it_lacks_is_told()
    {
        var team = new NamedAccess("g:2000", "the group team", AccessRights.Read);
        var data = Data with { Groups = [team] };
        var seen = Posix("u:1001", All, "g:1001", ReadsAndRuns, AccessRights.None);
        Assert.Equal(["the group team cannot list or enter it"], AccessJudgement.Differences(data, seen, Payments, isFolder: true));
        Assert.Empty(AccessJudgement.Differences(data, With(seen, "g:2000", ReadsAndRuns), Payments, isFolder: true));
        Assert.Equal(["the group team may write it"], AccessJudgement.Differences(data, With(seen, "g:2000", All), Payments, isFolder: true));
        // Of a file it may read it alone; another group has nothing.
        Assert.Equal(["g:2000 may execute it", "g:3000 may read it"], AccessJudgement.Differences(data, With(With(seen, "g:2000", ReadsAndRuns, "g:2000"), "g:3000", AccessRights.Read, "g:3000"), Payments, isFolder: false));
    }

    [Fact]
    public void Law01_no_group_is_ever_given_the_right_to_write()
    {
        foreach (var area in (string[])[Areas.Code, Areas.Written, Areas.Data, Areas.Output, Areas.Orders, Areas.Pins])
            Assert.False(Areas.Of(GroupRights.Read | GroupRights.Execute | GroupRights.Control, area).HasFlag(AccessRights.Write));
        Assert.Equal(AccessRights.None, Areas.Of(GroupRights.Control, Areas.Data));
        Assert.Equal((AccessRights.Execute, AccessRights.None), (Areas.Of(GroupRights.Execute, Areas.Code), Areas.Of(GroupRights.Execute, Areas.Data)));
    }

    /// <summary>A person's own entry decides, and those of his groups are added up.</summary>
    [Fact]
    public void An_entry_of_a_list_counts_as_the_kernel_counts_it()
    {
        var ids = Payments with { Groups = Set("g:1001", "g:2000") };
        var closed = Posix("u:0", All, "g:1001", AccessRights.Execute, AccessRights.None);
        Assert.Empty(AccessJudgement.Differences(Code, With(closed, "g:2000", AccessRights.Read), ids, isFolder: true));
        var named = closed with { Entries = [closed.Entries[0], new("u:1001", "payments", AccessRights.None), .. closed.Entries.Skip(1), new("g:2000", "g:2000", ReadsAndRuns)] };
        Assert.Equal(["payments cannot list or enter it"], AccessJudgement.Differences(Code, named, ids, isFolder: true));
    }

    private static SeenAccess With(SeenAccess seen, string id, AccessRights rights, string name = "the group team") =>
        seen with { Entries = [.. seen.Entries.SkipLast(1), new(id, name, rights), seen.Entries[^1]] };

    private static HashSet<string> Set(params string[] ids) => [.. ids];

    private static SeenAccess Posix(string owner, AccessRights own, string group, AccessRights groups, AccessRights others) =>
        new("/path", [new(owner, owner, own), new(group, group, groups), new("o", "everybody", others)], FirstDecides: true);
}
