using Holdfast.Core.NativeServices;
using Holdfast.Core.Services;
using Holdfast.Core.Tests.Supervision;

namespace Holdfast.Core.Tests.NativeServices;

public sealed class NativeServiceConfigTests
{
    private const string CommandLine = @"""C:\Program Files\Holdfast\holdfast-supervisor.exe"" run --service payments";

    private static readonly ServiceSpec Spec = Plans.Spec with { Windows = new WindowsSpec { NativeService = true } };

    [Fact]
    public void The_smallest_native_service_has_an_account_without_a_password_and_recovers_from_crashes_only()
    {
        var config = NativeServiceConfig.Of(Spec, CommandLine);
        Assert.Equal(("payments", "payments", @"NT SERVICE\payments", NativeStartType.Automatic), (config.Name, config.DisplayName, config.Account, config.StartType));
        Assert.True(ScmAccount.HasNoPassword(config.Account));
        Assert.All(config.Recovery.Actions, action => Assert.Equal(RecoveryKind.Restart, action.Kind));
        Assert.False(config.Recovery.OnErrorStops);
        Assert.Equal(TimeSpan.FromDays(1), config.Recovery.ResetAfter);
        Assert.Equal(ServiceSidType.Unrestricted, config.ServiceSid);
    }

    /// <summary>As Windows itself has it for the service that owns its files, in any spelling.</summary>
    [Theory]
    [InlineData(@"NT SERVICE\TrustedInstaller", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464")]
    [InlineData(@"nt service\trustedinstaller", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464")]
    [InlineData(@"NT AUTHORITY\LocalService", null)]
    [InlineData(@"BANK\svc-payments$", null)]
    public void A_virtual_account_has_an_identifier_before_its_service_is_there(string account, string? sid) => Assert.Equal(sid, ScmAccount.VirtualSid(account));

    [Fact]
    public void The_preshutdown_time_out_is_always_set_and_holds_a_whole_stop()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), NativeServiceConfig.Of(Spec, CommandLine).PreshutdownTimeout);
        var slow = Spec with { Stop = new StopSpec { Timeout = TimeSpan.FromSeconds(71) } };
        Assert.Equal(TimeSpan.FromSeconds(90), NativeServiceConfig.Of(slow, CommandLine).PreshutdownTimeout);
        Assert.True(NativeServiceConfig.Of(slow, CommandLine).PreshutdownTimeout >= StopBudget.Of(slow).Total);
    }

    [Fact]
    public void A_stop_is_added_up_from_its_parts()
    {
        var hook = new HookSpec { Command = ["bin/drain"], Timeout = TimeSpan.FromSeconds(20) };
        var budget = StopBudget.Of(Spec with { Hooks = new HooksSpec { PreStop = hook, PostStop = hook } });
        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(65)), (budget.Instance, budget.Total));
        Assert.Equal("the preStop hook 20s, stop.timeout 15s, the kill 5s, the postStop hook 20s, the supervisor's own end 5s", budget.Words);
    }

    [Fact]
    public void The_machine_gets_what_the_spec_says()
    {
        Assert.Equal(
            new NativeServicePlan { StopWithin = TimeSpan.FromSeconds(20), PauseWithin = TimeSpan.Zero, PreshutdownWithin = TimeSpan.FromSeconds(30) },
            NativeServicePlan.Of(Spec, preshutdown: true));
        var pausing = Spec with { Reload = new ReloadSpec { Signal = "HUP" }, Windows = Spec.Windows! with { Pause = new PauseSpec { Suspend = true } } };
        Assert.Equal(
            new NativeServicePlan { StopWithin = TimeSpan.FromSeconds(20), PauseWithin = TimeSpan.FromSeconds(32), Pause = PauseWay.Suspend, CanReload = true },
            NativeServicePlan.Of(pausing, preshutdown: false));
    }

    [Theory]
    [InlineData("LocalSystem", @"NT AUTHORITY\SYSTEM", true)]
    [InlineData("LocalService", @"NT AUTHORITY\LocalService", true)]
    [InlineData("networkservice", @"nt authority\NetworkService", true)]
    [InlineData("orders", @".\Orders", true)]
    [InlineData(@"BANK\orders", @".\orders", false)]
    public void An_account_has_several_spellings(string one, string other, bool same) => Assert.Equal(same, ScmAccount.Same(one, other));

    [Theory]
    [InlineData("LocalService", true)]
    [InlineData(@"BANK\gmsa-orders$", true)]
    [InlineData(@"NT SERVICE\orders", true)]
    [InlineData(@"BANK\orders", false)]
    [InlineData("orders@bank.example", false)]
    public void Some_accounts_have_no_password(string account, bool without) => Assert.Equal(without, ScmAccount.HasNoPassword(account));

    [Fact]
    public void Drift_is_told_setting_by_setting_in_the_words_of_services_msc()
    {
        var wanted = NativeServiceConfig.Of(Spec, CommandLine);
        var found = wanted with
        {
            StartType = NativeStartType.Disabled,
            Account = "LocalSystem",
            Recovery = new RecoverySettings { Actions = [], ResetAfter = null, OnErrorStops = true },
            PreshutdownTimeout = TimeSpan.FromSeconds(10),
        };
        Assert.Equal(
            [
                "Startup type: wanted Automatic, found Disabled (windows.startType)",
                @"Log On As: wanted NT SERVICE\payments, found LocalSystem (user)",
                "Recovery: wanted restart after 1s, restart after 5s, restart after 30s; reset after 1d, found no action (windows.recovery)",
                "Enable actions for stops with errors: wanted off, found on (windows.recovery.onErrorStops)",
                "Preshutdown time-out: wanted 30s, found 10s (windows.preshutdownTimeout)",
            ],
            ConfigDrift.Between(wanted, found, []).Select(difference => difference.ToString()));
        Assert.DoesNotContain(ConfigDrift.Between(wanted, found, [NativeSetting.PreshutdownTimeout]), difference => difference.Setting == NativeSetting.PreshutdownTimeout);
    }

    [Fact]
    public void Spelling_and_order_are_no_drift()
    {
        var wanted = NativeServiceConfig.Of(Spec, CommandLine) with { Account = "LocalService", Dependencies = ["Tcpip", "RpcSs"], RequiredPrivileges = ["SeA", "SeB"] };
        var found = wanted with { Account = @"NT AUTHORITY\LocalService", Dependencies = ["rpcss", "TCPIP"], RequiredPrivileges = ["SeB", "SeA"], Description = "" };
        Assert.Empty(ConfigDrift.Between(wanted, found, []));
        Assert.NotEmpty(ConfigDrift.Between(wanted, found with { RequiredPrivileges = null }, []));
    }
}
