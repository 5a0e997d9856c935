using Holdfast.Core.Services;

namespace Holdfast.Platform.Tests.Accounts;

public sealed class AccountTests
{
    [Theory]
    [InlineData("root")]
    [InlineData("0")]
    public void An_account_is_found_by_name_and_by_number(string name)
    {
        var account = AccountDirectory.Find(new UserSpec(name)).Value;
        Assert.Equal("root", account.Name);
        Assert.Equal(0u, account.UserId);
        Assert.Contains(account.GroupId, account.Groups);
    }

    [Fact]
    public void Groups_of_the_spec_replace_the_accounts_own()
    {
        var account = AccountDirectory.Find(new UserSpec("root", "daemon", ["bin", "sys"])).Value;
        Assert.Equal(AccountDirectory.FindGroup("daemon"), account.GroupId);
        Assert.Equal(["daemon", "bin", "sys"], account.Groups.Select(group => new[] { "daemon", "bin", "sys" }.Single(name => AccountDirectory.FindGroup(name) == group)));
    }

    [Fact]
    public void All_that_is_missing_is_told_at_once()
    {
        var problems = AccountDirectory.Find(new UserSpec("no-such-user", "no-such-group", ["nor-this"])).Problems;
        Assert.Equal(["account.no-such-user", "account.no-such-group", "account.no-such-group"], problems.Select(problem => problem.Rule));
        Assert.Contains("no-such-user", problems[0].What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_number_needs_a_group() =>
        Assert.Equal("account.no-such-user", AccountDirectory.Find(new UserSpec("3999999999")).Problems[0].Rule);

    [Fact]
    public void A_bare_number_with_a_group_is_an_account() =>
        Assert.Equal(3999999999u, AccountDirectory.Find(new UserSpec("3999999999", "0")).Value.UserId);
}
