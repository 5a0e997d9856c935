using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Services;
using Holdfast.Windows.Selftest.Running;

namespace Holdfast.Windows.Selftest.Services;

/// <summary>Services as they are installed, read, changed and deleted, in the system's own SCM.</summary>
public sealed class ServiceManagerTests
{
    [Fact]
    public void What_is_installed_is_read_and_is_in_the_list_and_goes()
    {
        var service = new TestService("ready");
        var name = service.Name;
        using (service)
        {
            var found = service.Scm.Read(name).Value;
            Assert.Empty(ConfigDrift.Between(service.Config, found.Config, [.. found.Unknown, .. service.Refused.Select(refused => refused.Setting)]));
            var listed = Assert.Single(service.Scm.List().Value, one => one.Name == name);
            Assert.Equal((service.Config.DisplayName, NativeState.Stopped), (listed.DisplayName, listed.Status.Status.State));
            Assert.Empty(service.Scm.Dependents(name).Value);
            Assert.Equal("scm.exists", Assert.Single(service.Scm.Install(service.Config, []).Problems).Rule);
        }

        // It goes when nobody has it open any more, which the SCM notices in its own time.
        var scm = ServiceControlManager.Local();
        Assert.True(SpinWait.SpinUntil(() => !scm.Status(name).IsOk, TimeSpan.FromSeconds(20)), $"It is there still. To its removal the SCM said: {(service.Removal.Count == 0 ? "yes" : string.Join("; ", service.Removal))}");
        Assert.Contains(Assert.Single(scm.Status(name).Problems).Rule, new[] { "scm.not-installed", "scm.marked-for-delete" });
    }

    [Fact]
    public void An_edit_changes_what_is_wanted_otherwise()
    {
        using var service = new TestService("ready");
        var wanted = service.Config with
        {
            DisplayName = service.Config.DisplayName + " 2",
            StartType = NativeStartType.Disabled,
            Description = "Another one",
        };
        var edited = service.Scm.Edit(wanted, []);
        Assert.Empty(edited.Problems);
        var found = service.Scm.Read(service.Name).Value;
        Assert.Empty(ConfigDrift.Between(wanted, found.Config, [.. found.Unknown, .. edited.Value.Select(refused => refused.Setting)]));
        var refused = Assert.Single(service.Scm.Start(service.Name).Problems);
        // Whole where it is another one: the SCM's number is in it.
        Assert.True(refused.Rule == "scm.disabled", refused.ToString());
    }

    [Fact]
    [WineLacks("changes of dependencies: its SCM keeps the old ones")]
    public void An_edit_changes_dependencies()
    {
        using var service = new TestService("ready");
        foreach (var names in (string[][])[["RpcSs", "+Network"], []])
        {
            Assert.Empty(service.Scm.Edit(service.Config with { Dependencies = names }, []).Problems);
            Assert.Equal(names, service.Scm.Read(service.Name).Value.Config.Dependencies);
        }
    }

    [Fact]
    [WineLacks("ChangeServiceConfig2 levels 3 to 6")]
    public void Every_setting_is_taken_and_read()
    {
        using var service = new TestService("ready", config => config with
        {
            StartType = NativeStartType.Delayed,
            ServiceSid = ServiceSidType.Restricted,
            RequiredPrivileges = ["SeChangeNotifyPrivilege"],
            Recovery = new RecoverySettings { Actions = [new(RecoveryKind.Run, TimeSpan.FromSeconds(3))], Command = "cmd /c rem", ResetAfter = null, OnErrorStops = true },
        });
        Assert.Empty(service.Refused);
        var found = service.Scm.Read(service.Name).Value;
        Assert.Empty(found.Unknown);
        Assert.Empty(ConfigDrift.Between(service.Config, found.Config, []));
    }

    [Fact]
    [WineLacks("security descriptors of services: its SCM keeps none")]
    public void Who_may_do_what_with_a_service_is_kept_and_read()
    {
        using var service = new TestService("ready", config => config with { Rights = ServiceRights.For("S-1-5-19", ["S-1-5-32-555"]) });
        Assert.Empty(service.Refused);
        var found = service.Scm.Read(service.Name).Value;
        Assert.DoesNotContain(NativeSetting.Rights, found.Unknown);
        Assert.Equal(service.Config.Rights.ToString(), found.Config.Rights.ToString());
        Assert.Empty(service.Scm.Edit(service.Config with { Rights = ServiceRights.For(null, []) }, []).Problems);
        Assert.True(service.Scm.Read(service.Name).Value.Config.Rights.IsSame(ServiceRights.For(null, [])));
    }

    [Fact]
    public void What_cannot_be_done_now_is_told_in_words()
    {
        using var service = new TestService("ready");
        Assert.Equal("scm.not-active", service.Refusal(NativeControl.Stop));
        service.Start();
        service.WaitFor(NativeState.Running);
        Assert.Equal("scm.already-running", Assert.Single(service.Scm.Start(service.Name).Problems).Rule);
        Assert.Equal("scm.invalid-control", service.Refusal(NativeControl.Pause));
        service.Control(NativeControl.Stop);
        service.WaitFor(NativeState.Stopped);
    }
}
