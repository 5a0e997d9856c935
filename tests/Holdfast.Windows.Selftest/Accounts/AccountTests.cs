using Holdfast.Core.NativeServices;
using Holdfast.Core.Services;
using Holdfast.Platform;

namespace Holdfast.Windows.Selftest.Accounts;

public sealed class AccountTests
{
    [Theory]
    [InlineData("LocalSystem", "S-1-5-18")]
    [InlineData("LocalService", "S-1-5-19")]
    [InlineData("NetworkService", "S-1-5-20")]
    [InlineData("S-1-5-19", "S-1-5-19")]
    public void The_accounts_of_services_are_found_by_the_names_that_the_console_shows(string name, string sid) =>
        Assert.Equal(sid, AccountDirectory.Find(new UserSpec(name)).Value.Sid);

    /// <summary>It exists as long as the service does, and its folders are made before.</summary>
    [Fact]
    public void The_virtual_account_of_a_service_that_is_not_there_yet_is_found()
    {
        var found = AccountDirectory.Find(new UserSpec(@"NT SERVICE\hf-nobody-has-this")).Value;
        Assert.Equal((@"NT SERVICE\hf-nobody-has-this", ScmAccount.VirtualSid(@"NT SERVICE\hf-nobody-has-this")), (found.Name, found.Sid));
    }

    [Fact]
    public void Our_own_account_is_found_by_its_name()
    {
        var own = AccountDirectory.Current();
        Assert.StartsWith("S-1-5-", own.Sid, StringComparison.Ordinal);
        Assert.Equal(own.Sid, AccountDirectory.Find(new UserSpec(own.Name)).Value.Sid);
    }

    [Fact]
    public void Administrators_are_a_group() => Assert.Equal(544u, AccountDirectory.FindGroup("S-1-5-32-544"));

    [Fact]
    public void All_that_is_missing_is_told_at_once()
    {
        var problems = AccountDirectory.Find(new UserSpec("no-such-user", "no-such-group", ["nor-this"])).Problems;
        Assert.Equal(["account.no-such-user", "account.no-such-group", "account.no-such-group"], problems.Select(problem => problem.Rule));
    }
}
