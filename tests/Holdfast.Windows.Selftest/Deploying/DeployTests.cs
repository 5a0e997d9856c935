using System.Diagnostics;
using System.Text.Json;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Windows.Selftest.Running;
using Holdfast.Testing.Processes;

namespace Holdfast.Windows.Selftest.Deploying;

/// <summary>From a folder to a service, as a team does it: packed, signed, deployed to the node's agent, crashed, deployed again, rolled back, stopped, removed.</summary>
public sealed class DeployTests
{
    private const string Native = "windows: {nativeService: true, displayName: Tally of all requests}\nuser: LocalSystem";

    [Fact]
    [NeedsFile(Tally.Name, Tally.Made)]
    public void A_service_in_go_and_c_is_deployed_and_kept()
    {
        using var home = new DeployedHome();
        home.DeployWell("1.0.0");
        var first = home.See("running and healthy", IsHealthy);
        var family = home.Family(first);

        // A crash: the whole tree goes, and it is there again.
        home.ForgetFamily();
        Kill(family[0]);
        var second = home.See("its next process", line => IsHealthy(line) && PidOf(line) != family[0]);
        Assert.Equal(1, second.GetProperty("restarts").GetInt32());
        Assert.All(family, pid => Assert.False(HostHarness.IsProcess(pid)));
        var next = home.Family(second);

        home.Do("stop", home.Service);
        home.See("stopped", line => StateOf(line) == "stopped");
        Assert.All(next, pid => Assert.False(HostHarness.IsProcess(pid)));
        Assert.Contains("tally 1 is", home.Do("logs", home.Service).Output, StringComparison.Ordinal);
        home.Do("audit", "verify");
    }

    [Fact]
    [NeedsFile(Tally.Name, Tally.Made)]
    public void A_new_release_takes_the_place_of_the_one_before_and_goes_back()
    {
        using var home = new DeployedHome();
        home.DeployWell("1.0.0");
        home.DeployWell("2.0.0");
        Assert.Equal("2.0.0", home.See("release 2", IsHealthy).GetProperty("version").GetString());
        home.Do("rollback", home.Service);
        Assert.Equal("1.0.0", home.See("release 1 again", IsHealthy).GetProperty("version").GetString());
        home.Do("remove", home.Service, "--purge");
        Assert.DoesNotContain(home.Service, home.Do("ps", "-o", "json").Output, StringComparison.Ordinal);
    }

    [Fact]
    [NeedsFile(Tally.Name, Tally.Made)]
    public void A_package_becomes_a_service_that_windows_knows()
    {
        using var home = new DeployedHome();
        home.DeployWell("1.0.0", Native);
        var known = home.Scm.Read(home.Service).Value.Config;
        Assert.Equal(("Tally of all requests", ScmAccount.LocalSystem), (known.DisplayName, known.Account));
        home.Until("Running", () => State(home) == NativeState.Running);
        var family = home.Family(home.See("running and healthy", IsHealthy));

        // A crash of the program is its supervisor's affair: for Windows the service runs on.
        home.ForgetFamily();
        Kill(family[0]);
        var next = home.Family(home.See("its next process", line => IsHealthy(line) && PidOf(line) != family[0]));
        Assert.Equal(NativeState.Running, State(home));

        // An administrator stops it in services.msc: the node lets it be, until somebody wants it.
        Assert.True(home.Scm.Control(home.Service, NativeControl.Stop).IsOk);
        home.Until("Stopped", () => State(home) == NativeState.Stopped);
        Assert.All(next, pid => Assert.False(HostHarness.IsProcess(pid)));
        home.See("stopped by the service manager", line => StateOf(line) == "stopped");
        home.Do("start", home.Service);
        home.See("running again", IsHealthy);

        home.Do("stop", home.Service);
        home.Until("Stopped by the node", () => State(home) == NativeState.Stopped);
        home.Do("start", home.Service);
        home.Until("Running again", () => State(home) == NativeState.Running);

        // What it has open does not change hands under it.
        var moved = home.Deploy("1.5.0", Native.Replace("LocalSystem", "LocalService", StringComparison.Ordinal));
        Assert.Contains("it must be stopped first", moved.Error, StringComparison.Ordinal);
        Assert.Equal(ScmAccount.LocalSystem, home.Scm.Read(home.Service).Value.Config.Account);
        home.See("running as before", line => IsHealthy(line) && line.GetProperty("version").GetString() == "1.0.0");

        // A release that Windows need not know, and one that it is to know again.
        home.DeployWell("2.0.0");
        home.Until("forgotten by Windows", () => !home.Scm.Read(home.Service).IsOk);
        home.See("release 2", IsHealthy);
        home.Do("rollback", home.Service);
        home.Until("Running as a service of Windows", () => home.Scm.Status(home.Service) is { IsOk: true, Value.Status.State: NativeState.Running });

        home.Do("remove", home.Service, "--purge");
        home.Until("forgotten by Windows", () => !home.Scm.Read(home.Service).IsOk);
    }

    [Fact]
    [NeedsFile(Tally.Name, Tally.Made)]
    public void An_account_with_a_password_is_refused_before_anything_is_changed()
    {
        using var home = new DeployedHome();
        var answer = home.Deploy("1.0.0", "windows: {nativeService: true}\nuser: BANK\\tally");
        Assert.True(answer.Code == ExitCode.Refused, answer.ToString());
        Assert.Contains("native.password", answer.Error, StringComparison.Ordinal);
        Assert.False(home.Scm.Read(home.Service).IsOk);
    }

    private static NativeState State(DeployedHome home) => home.Scm.Status(home.Service).Value.Status.State;

    private static bool IsHealthy(JsonElement line) => StateOf(line) == "running" && line.GetProperty("health").GetString() == "healthy";

    private static string? StateOf(JsonElement line) => line.GetProperty("state").GetString();

    private static int PidOf(JsonElement line) => line.GetProperty("pid").GetInt32();

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }
}
