using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Platform.Tests.Windows;

/// <summary>What is passed to Windows and read from it, against a fake that knows the bytes. Wine shows the rest.</summary>
public sealed class ServiceControlManagerTests
{
    private static readonly NativeServiceConfig Orders = new()
    {
        Name = "orders",
        DisplayName = "Bestellungen 注文",
        Description = "Takes orders",
        CommandLine = @"""C:\Program Files\Holdfast\holdfast-supervisor.exe"" run --service orders",
        StartType = NativeStartType.Delayed,
        Account = @"NT SERVICE\orders",
        Dependencies = ["Tcpip", "+NetworkProvider"],
        Recovery = new RecoverySettings
        {
            Actions = [new(RecoveryKind.Restart, TimeSpan.FromSeconds(1)), new(RecoveryKind.Run, TimeSpan.FromMinutes(1))],
            ResetAfter = TimeSpan.FromHours(1),
            Command = @"C:\tell.exe",
            OnErrorStops = true,
        },
        PreshutdownTimeout = TimeSpan.FromSeconds(90),
        ServiceSid = ServiceSidType.Restricted,
        RequiredPrivileges = ["SeChangeNotifyPrivilege", "SeCreateGlobalPrivilege"],
    };

    private readonly FakeServiceApi api = new();
    private readonly ServiceControlManager scm;

    public ServiceControlManagerTests() => scm = new(api);

    [Fact]
    public void An_installation_passes_every_setting_in_the_form_that_windows_reads()
    {
        Assert.Empty(scm.Install(Orders, []).Value);
        Assert.Equal(2u, api.StartNumber);
        Assert.Equal((Orders.CommandLine, "Tcpip,+NetworkProvider", @"NT SERVICE\orders", null), (api.Config["commandLine"], api.Config["dependencies"], api.Config["account"], api.Config["password"]));
        Assert.Equal("Bestellungen 注文", api.Config["displayName"]);
        Assert.Equal(["Takes orders"], api.Levels[1]);
        Assert.Equal([3600u, @"C:\tell.exe", (1u, 1000u), (3u, 60_000u)], api.Levels[2]);
        Assert.Equal([1u], api.Levels[3]);
        Assert.Equal([1u], api.Levels[4]);
        Assert.Equal([3u], api.Levels[5]);
        Assert.Equal(["SeChangeNotifyPrivilege", "SeCreateGlobalPrivilege"], api.Levels[6]);
        Assert.Equal([90_000u], api.Levels[7]);
        Assert.Equal(0, api.OpenHandles);
    }

    [Fact]
    public void What_was_written_is_read_without_a_difference()
    {
        Assert.True(scm.Install(Orders, []).IsOk);
        var found = scm.Read("orders").Value;
        Assert.Empty(found.Unknown);
        Assert.Empty(ConfigDrift.Between(Orders, found.Config, found.Unknown));
        Assert.Equal(0, api.OpenHandles);
    }

    /// <summary>Before the service can be started it is the administrators'; a group that is named may start and stop it.</summary>
    [Fact]
    public void Who_may_do_what_with_a_service_is_set_with_it_and_read_again()
    {
        var wanted = Orders with { Rights = ServiceRights.For("S-1-5-80-1-2", ["S-1-5-21-1-2-3-1001"]) };
        Assert.Empty(scm.Install(wanted, []).Value);
        Assert.Equal(["0 f01ff S-1-5-18", "0 f01ff S-1-5-32-544", "0 4 S-1-5-4", "0 4 S-1-5-6", "0 20005 S-1-5-80-1-2", "0 200fd S-1-5-21-1-2-3-1001"], api.Security!);
        Assert.Empty(ConfigDrift.Between(wanted, scm.Read("orders").Value.Config, []));

        var difference = Assert.Single(ConfigDrift.Between(Orders, scm.Read("orders").Value.Config, []));
        Assert.Equal(NativeSetting.Rights, difference.Setting);
        Assert.EndsWith("(A;;CCLCRC;;;S-1-5-80-1-2)(A;;CCLCSWRPWPDTLORC;;;S-1-5-21-1-2-3-1001) (access)", difference.ToString(), StringComparison.Ordinal);
        Assert.Empty(scm.Edit(Orders, []).Value);
        Assert.Equal(4, api.Security!.Count);
    }

    [Fact]
    public void A_system_that_keeps_no_descriptor_tells_none()
    {
        api.KeepNoSecurity();
        Assert.Empty(scm.Install(Orders, []).Value);
        var found = scm.Read("orders").Value;
        Assert.Equal([NativeSetting.Rights], found.Unknown);
        Assert.Empty(ConfigDrift.Between(Orders, found.Config, found.Unknown));
    }

    [Fact]
    public void What_a_system_does_not_know_is_told_and_the_rest_stands()
    {
        api.Unknown.UnionWith([3, 4, 5, 6]);
        Assert.Equal(
            [
                "Enable actions for stops with errors was not taken (error 124)", "Service SID type was not taken (error 124)",
                "Required privileges was not taken (error 124)", "Startup type was not taken (error 124)",
            ],
            scm.Install(Orders, []).Value.Select(refused => refused.ToString()));
        Assert.Equal([90_000u], api.Levels[7]);
        var found = scm.Read("orders").Value;
        Assert.Equal([NativeSetting.StartType, NativeSetting.OnErrorStops, NativeSetting.ServiceSid, NativeSetting.RequiredPrivileges], found.Unknown);
        Assert.Empty(ConfigDrift.Between(Orders, found.Config, found.Unknown));
    }

    [Fact]
    public void A_plain_service_needs_nothing_that_an_old_system_lacks()
    {
        api.Unknown.UnionWith([3, 4, 5, 6]);
        var plain = Orders with { StartType = NativeStartType.Automatic, Recovery = new(), ServiceSid = ServiceSidType.None, RequiredPrivileges = null };
        Assert.Empty(scm.Install(plain, []).Value);
    }

    [Fact]
    public void An_edit_takes_back_what_somebody_else_has_changed()
    {
        Assert.True(scm.Install(Orders with { StartType = NativeStartType.Disabled, Recovery = new RecoverySettings { Actions = [] }, RequiredPrivileges = ["SeDebugPrivilege"], Dependencies = ["old"] }, []).IsOk);
        var wanted = Orders with { Dependencies = [], RequiredPrivileges = null, StartType = NativeStartType.Automatic };
        Assert.Empty(scm.Edit(wanted, []).Value);
        var found = scm.Read("orders").Value;
        Assert.Empty(ConfigDrift.Between(wanted, found.Config, found.Unknown));
        Assert.Equal("no", api.Config["named"]);
    }

    [Fact]
    public void A_password_goes_to_the_scm_and_an_account_without_one_gets_none()
    {
        var domain = Orders with { Account = @"BANK\orders" };
        Assert.Equal("scm.password-missing", Assert.Single(scm.Install(domain, []).Problems).Rule);
        Assert.Equal("scm.password-unwanted", Assert.Single(scm.Install(Orders, "secret").Problems).Rule);
        Assert.False(api.Exists);
        Assert.True(scm.Install(domain, "secret").IsOk);
        Assert.Equal("secret", api.Config["password"]);
        Assert.True(scm.Install(Orders with { Account = @"BANK\gmsa$" }, []).Problems is [{ Rule: "scm.exists" }]);
    }

    [Fact]
    public void A_handle_that_is_none_any_more_is_had_anew_once()
    {
        Assert.True(scm.Install(Orders, []).IsOk);
        api.Answers.Enqueue(WindowsError.InvalidHandle);
        Assert.True(scm.Control("orders", NativeControl.Pause).IsOk);
        Assert.Equal(2, api.Controls.Count);
        Assert.Equal(0, api.OpenHandles);

        api.Answer = WindowsError.InvalidHandle;
        Assert.Equal("scm.error", Assert.Single(scm.Start("orders").Problems).Rule);
        Assert.Equal(0, api.OpenHandles);
    }

    [Fact]
    public void Errors_are_problems_in_words()
    {
        Assert.Equal(ProblemKind.NotFound, Assert.Single(scm.Start("orders").Problems).Kind);
        Assert.True(scm.Install(Orders, []).IsOk);
        api.Answer = WindowsError.CannotAcceptControl;
        Assert.Equal("scm.cannot-accept-control", Assert.Single(scm.Control("orders", NativeControl.Stop).Problems).Rule);
        Assert.Equal([1u], api.Controls);
        api.Answer = WindowsError.LogonFailed;
        Assert.Equal("scm.logon-failed", Assert.Single(scm.Start("orders").Problems).Rule);
        Assert.True(scm.Delete("orders").IsOk);
        Assert.Equal("scm.not-installed", Assert.Single(scm.Status("orders").Problems).Rule);
        Assert.Equal(0, api.OpenHandles);
    }

    [Fact]
    public void Status_and_lists_are_read()
    {
        Assert.True(scm.Install(Orders, []).IsOk);
        var status = scm.Status("orders").Value;
        Assert.Equal((NativeState.Running, 4711), (status.Status.State, status.ProcessId));
        Assert.Equal(AcceptedControls.Stop | AcceptedControls.PauseContinue | AcceptedControls.Preshutdown, status.Status.Accepted);
        Assert.Equal(["orders Orders", "注文 Bestellungen"], scm.List().Value.Select(one => $"{one.Name} {one.DisplayName}"));
        Assert.All(scm.List().Value, one => Assert.Equal(new NativeExit(1066, 3), one.Status.Status.Exit));
        Assert.Equal(["web"], scm.Dependents("orders").Value);
    }
}
