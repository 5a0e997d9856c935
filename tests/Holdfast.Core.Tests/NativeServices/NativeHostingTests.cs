using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.NativeServices;

public sealed class NativeHostingTests
{
    private static readonly ServiceSpec plain = new() { Name = "orders", Command = ["orders.exe"] };

    private static readonly ServiceSpec native = plain with { Windows = new() { NativeService = true } };

    [Fact]
    public void It_has_a_supervisor_of_its_own_on_windows_alone()
    {
        Assert.Equal(SupervisorKind.Dedicated, NativeHosting.On(native, windows: true).Supervisor);
        Assert.Equal(SupervisorKind.Shared, NativeHosting.On(native, windows: false).Supervisor);
        Assert.Equal(SupervisorKind.Shared, NativeHosting.On(plain, windows: true).Supervisor);
    }

    [Theory]
    [InlineData(null, @"NT SERVICE\orders")]
    [InlineData("SYSTEM", null)]
    [InlineData(@"BANK\orders$", @"BANK\orders$")]
    [InlineData("LocalService", @"NT AUTHORITY\LocalService")]
    public void It_logs_on_as_its_spec_says_or_as_its_virtual_account(string? user, string? expected) =>
        Assert.Equal(expected, NativeHosting.LogOnAs(native with { User = user is null ? null : new(user) }));

    [Theory]
    [InlineData(@"BANK\orders", true)]
    [InlineData("orders", true)]
    [InlineData(@"BANK\orders$", false)]
    [InlineData("NetworkService", false)]
    [InlineData(null, false)]
    public void An_account_with_a_password_is_refused(string? user, bool refused)
    {
        var checkedAccount = NativeHosting.CheckAccount(native with { User = user is null ? null : new(user) });
        Assert.Equal(refused ? ["native.password"] : [], checkedAccount.Problems.Select(problem => problem.Rule));
        Assert.All(checkedAccount.Problems, problem => Assert.Equal(ProblemKind.Refused, problem.Kind));
    }
}
