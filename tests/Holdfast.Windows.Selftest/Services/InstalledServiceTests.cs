using System.Text;
using System.Text.Json;
using Holdfast.Core.EventLog;
using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.EventLog;
using Microsoft.Win32;

namespace Holdfast.Windows.Selftest.Services;

/// <summary>Any executable as a service that Windows knows, as a user of NSSM would have it: installed, started, killed, changed, stopped and removed by holdfast.exe.</summary>
public sealed class InstalledServiceTests
{
    /// <summary>winsw#1027, nomad#8235: what a service has started does not outlive it.</summary>
    [Fact]
    public void Law02_and_05_a_program_becomes_a_service_that_restarts_it_and_leaves_nothing_when_it_stops()
    {
        using var service = new InstalledService();
        Assert.True(service.Installed.Code == 0, service.Installed.ToString());
        Assert.Equal(NativeStartType.Manual, service.Scm.Read(service.Name).Value.Config.StartType);
        Assert.Equal("stopped", Text(service.See("never started", _ => true), "state"));

        var started = service.Holdfast("service", "start", service.Name);
        Assert.True(started.Code == 0, started.ToString());
        Assert.Equal(NativeState.Running, service.Scm.Status(service.Name).Value.Status.State);
        var first = service.See("running with its child", one => Text(one, "state") == "running" && service.Processes is [var main, _] && main == Number(one, "pid"));

        // winsw#871: its own death is its supervisor's matter, at once, and the SCM sees no change.
        var family = service.Processes;
        InstalledService.Kill(Number(first, "pid"));
        var second = service.See("restarted once", one => Text(one, "state") == "running" && Number(one, "restarts") == 1 && service.Processes is [var main, _] && main == Number(one, "pid"));
        Assert.Equal(Number(first, "supervisorPid"), Number(second, "supervisorPid"));
        service.SeeEnd(family);

        family = service.Processes;
        var stopped = service.Holdfast("service", "stop", service.Name);
        Assert.True(stopped.Code == 0, stopped.ToString());
        Assert.Equal((NativeState.Stopped, NativeExit.Success), (service.Scm.Status(service.Name).Value.Status.State, service.Scm.Status(service.Name).Value.Status.Exit));
        service.SeeEnd(family);

        Assert.Equal(0, service.Holdfast("service", "remove", service.Name).Code);
        Assert.Equal("scm.not-installed", Assert.Single(service.Scm.Status(service.Name).Problems).Rule);
    }

    [Fact]
    public void Law01_what_was_changed_is_not_started_and_the_SCM_is_told_so_until_it_is_trusted()
    {
        using var service = new InstalledService();
        Assert.True(service.Installed.Code == 0, service.Installed.ToString());
        File.AppendAllText(service.Beside, " ");

        var refused = service.Holdfast("service", "start", service.Name);

        Assert.NotEqual(0, refused.Code);
        // winsw#969, servy#1337: it is not shown as running, nor as ended gracefully.
        var status = service.SeeStatus("stopped with an error", one => one.State == NativeState.Stopped && one.Exit != NativeExit.Success);
        Assert.Equal(NativeExit.Unexpected, status.Exit);

        Assert.Equal(0, service.Holdfast("service", "trust", service.Name).Code);
        var started = service.Holdfast("service", "start", service.Name);
        Assert.True(started.Code == 0, started.ToString());
        service.See("running as its second release", one => Text(one, "state") == "running" && Number(one, "release") == 2);
    }

    /// <summary>nssm and winsw leave the account to services.msc: here the SCM has it from the first moment, and the node's key stays the node's.</summary>
    [Fact]
    public void Law01_under_an_account_of_its_own_it_starts_without_the_node_key_and_what_was_changed_does_not()
    {
        using var service = new InstalledService(["--log-on-as", "LocalService"]);
        Assert.True(service.Installed.Code == 0, service.Installed.ToString());
        Assert.Contains(ScmAccount.LocalService, service.Installed.Error, StringComparison.Ordinal);
        Assert.Equal(ScmAccount.LocalService, service.Scm.Read(service.Name).Value.Config.Account);

        var key = Path.Combine(service.Home, "keys", "node.key");
        File.Move(key, key + ".away");
        var started = service.Holdfast("service", "start", service.Name);
        Assert.True(started.Code == 0, started.ToString());
        service.See("running", one => Text(one, "state") == "running");

        var changed = service.Holdfast("service", "edit", service.Name, "--spec", EditedAccount(service, "NetworkService"));
        Assert.NotEqual(0, changed.Code);
        File.Move(key + ".away", key);
        changed = service.Holdfast("service", "edit", service.Name, "--spec", EditedAccount(service, "NetworkService"));
        Assert.Contains("service stop", changed.Error, StringComparison.Ordinal);
        Assert.Equal(ScmAccount.LocalService, service.Scm.Read(service.Name).Value.Config.Account);

        Assert.Equal(0, service.Holdfast("service", "stop", service.Name).Code);
        changed = service.Holdfast("service", "edit", service.Name, "--spec", EditedAccount(service, "NetworkService"));
        Assert.True(changed.Code == 0, changed.ToString());
        Assert.Equal(ScmAccount.NetworkService, service.Scm.Read(service.Name).Value.Config.Account);

        File.AppendAllText(service.Beside, " ");
        Assert.NotEqual(0, service.Holdfast("service", "start", service.Name).Code);
        service.SeeStatus("stopped with an error", one => one.State == NativeState.Stopped && one.Exit == NativeExit.Unexpected);
    }

    [Fact]
    public void A_password_goes_to_the_SCM_and_nowhere_else()
    {
        const string password = "Tr0ub4dor-and-3";
        using var service = new InstalledService(["--log-on-as", Environment.UserName, "--password-from", "-"], password + "\r\n");
        Assert.True(service.Installed.Code == 0, service.Installed.ToString());

        Assert.Equal(ScmAccount.Canonical(Environment.UserName), ScmAccount.Canonical(service.Scm.Read(service.Name).Value.Config.Account));
        Assert.DoesNotContain(password, service.Installed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(service.Home, "*", SearchOption.AllDirectories), file => Holds(file, password));
    }

    [Theory]
    [InlineData("no-such-account", "", "no user no-such-account")]
    [InlineData("LocalService", "secret", "has no password")]
    [InlineData(null, "", "nobody is here to be asked")]
    public void Law08_an_account_that_cannot_be_is_told_and_nothing_is_left_of_the_install(string? account, string password, string told)
    {
        using var service = new InstalledService(["--log-on-as", account ?? Environment.UserName, .. password.Length > 0 ? ["--password-from", "-"] : Array.Empty<string>()], password);

        Assert.NotEqual(0, service.Installed.Code);
        Assert.Contains(told, service.Installed.Error, StringComparison.Ordinal);
        Assert.Equal("scm.not-installed", Assert.Single(service.Scm.Status(service.Name).Problems).Rule);
        Assert.False(Directory.Exists(Path.Combine(service.Home, "pins", service.Name)));
    }

    [Fact]
    public void Law02_with_its_supervisor_everything_of_it_is_gone()
    {
        using var service = new InstalledService();
        Assert.Equal(0, service.Holdfast("service", "start", service.Name).Code);
        var running = service.See("running with its child", one => service.Processes is [var main, _] && main == Number(one, "pid"));
        var family = service.Processes;

        InstalledService.Kill(Number(running, "supervisorPid"));

        service.SeeEnd(family);
    }

    [Fact]
    public void What_nssm_keeps_is_read_from_the_registry_and_installed_beside_it()
    {
        var was = "hf-" + Guid.NewGuid().ToString("N")[..8];
        var path = $@"SYSTEM\CurrentControlSet\Services\{was}";
        try
        {
            using var service = new InstalledService(one =>
            {
                using var key = Registry.LocalMachine.CreateSubKey(path);
                key.SetValue("Start", 3, RegistryValueKind.DWord);
                key.SetValue("DisplayName", "Was NSSM's");
                using var parameters = key.CreateSubKey("Parameters");
                parameters.SetValue("Application", one.Executable, RegistryValueKind.ExpandString);
                parameters.SetValue("AppDirectory", one.App, RegistryValueKind.ExpandString);
                parameters.SetValue("AppParameters", $"patient parent \"{one.Family}\"", RegistryValueKind.ExpandString);
                parameters.SetValue("AppEnvironmentExtra", new[] { "MODE=test", "DB_PASSWORD=hunter2" }, RegistryValueKind.MultiString);
                return ["service", "import", "--nssm", was, "--name", one.Name, "--writable", "data"];
            });
            Assert.True(service.Installed.Code == 0, service.Installed.ToString());
            Assert.Contains($"{was}, is not touched", service.Installed.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", service.Installed.Error, StringComparison.Ordinal);
            var config = service.Scm.Read(service.Name).Value.Config;
            Assert.Equal(("Was NSSM's", NativeStartType.Manual), (config.DisplayName, config.StartType));

            var started = service.Holdfast("service", "start", service.Name);
            Assert.True(started.Code == 0, started.ToString());
            service.See("running with its child", one => service.Processes is [var main, _] && main == Number(one, "pid"));
            Assert.Contains("kind: InstalledService", service.Holdfast("service", "export", service.Name).Output, StringComparison.Ordinal);
        }
        finally
        {
            Registry.LocalMachine.DeleteSubKeyTree(path, throwOnMissingSubKey: false);
        }
    }

    /// <summary>nssm and winsw leave a source per service, or none, so that Event Viewer shows what it cannot describe.</summary>
    [Fact]
    public void An_event_log_source_comes_with_the_first_service_and_goes_with_the_last()
    {
        using var service = new InstalledService();
        Assert.True(service.Installed.Code == 0, service.Installed.ToString());
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, EventLogMessages.Library), EventLogSource.Library, ignoreCase: true);
        Assert.True(File.Exists(EventLogSource.Library));
        using (var key = Registry.LocalMachine.OpenSubKey(@"SYSTEM\CurrentControlSet\Services\EventLog\Application\Holdfast")) Assert.Equal(7, key!.GetValue("TypesSupported"));

        using (var another = new InstalledService())
        {
            Assert.Equal(0, service.Holdfast("service", "remove", service.Name).Code);
            Assert.NotNull(EventLogSource.Library);
        }

        // Somebody who runs the tests may have services of ours, and a test that was killed may have left one.
        var others = service.Scm.List().Value.Where(one => service.Scm.Read(one.Name) is { IsOk: true } read && read.Value.Config.CommandLine.Contains("holdfast-supervisor", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.True(others.Count > 0 == EventLogSource.Library is not null, $"{EventLogSource.Library}; {string.Join(", ", others)}");
    }

    [Fact]
    public void What_somebody_changed_in_the_SCM_is_shown_until_it_is_put_back()
    {
        using var service = new InstalledService();
        Assert.True(service.Installed.Code == 0, service.Installed.ToString());
        Assert.Empty(service.See("installed", _ => true).GetProperty("drift").EnumerateArray());
        Assert.DoesNotContain("not by us", service.Holdfast("service", "status", service.Name).Output, StringComparison.Ordinal);

        var config = service.Scm.Read(service.Name).Value.Config;
        Assert.True(service.Scm.Edit(config with { StartType = NativeStartType.Disabled, DisplayName = "Somebody else's" }, []).IsOk);

        var drift = service.See("changed", one => one.GetProperty("drift").GetArrayLength() == 2).GetProperty("drift").EnumerateArray().ToList();
        Assert.Equal(["Display name", "Startup type"], drift.Select(one => Text(one, "setting")).Order(StringComparer.Ordinal));
        Assert.Contains(drift, one => (Text(one, "wanted"), Text(one, "found"), Text(one, "key")) == ("Manual", "Disabled", "windows.startType"));
        var shown = service.Holdfast("service", "status", service.Name).Output;
        Assert.Contains("Startup type: wanted Manual, found Disabled", shown, StringComparison.Ordinal);
        Assert.Contains("holdfast service edit", shown, StringComparison.Ordinal);

        Assert.Equal(0, service.Holdfast("service", "edit", service.Name, "--start", "manual").Code);
        Assert.Empty(service.See("put back", _ => true).GetProperty("drift").EnumerateArray());
    }

    private static string EditedAccount(InstalledService service, string account)
    {
        var spec = Path.Combine(service.Home, "pins", service.Name, "holdfast.yaml");
        var file = Path.Combine(Path.GetDirectoryName(service.Home)!, "edited.yaml");
        File.WriteAllText(file, File.ReadAllText(spec).Replace("LocalService", account, StringComparison.Ordinal));
        return file;
    }

    private static bool Holds(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;
    }

    private static string Text(JsonElement document, string name) => document.GetProperty(name).GetString() ?? "";

    private static int Number(JsonElement document, string name) => document.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : 0;
}
