using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Windows.Selftest.Running;
using Holdfast.Testing.Processes;

namespace Holdfast.Windows.Selftest.Deploying;

/// <summary>Agent and supervisor as services of Windows: made known, stopped and started apart, moved to another build, taken away.</summary>
public sealed class NodeServiceTests
{
    [Fact]
    [NeedsFile(Tally.Name, Tally.Made)]
    public void Windows_starts_agent_and_supervisor_and_an_upgrade_touches_no_service()
    {
        using var home = new DeployedHome(installed: true);
        Assert.Equal(NativeState.Running, home.StateOf(NodeServices.Supervisor));
        Assert.Equal(NativeState.Running, home.StateOf(NodeServices.Agent));
        home.DeployWell("1.0.0");
        var family = home.Family(home.SeeHealthy());

        // Nothing hangs on the agent.
        home.Control(NodeServices.Agent, NativeState.Stopped);
        Assert.All(family, pid => Assert.True(HostHarness.IsProcess(pid)));
        home.Control(NodeServices.Agent, NativeState.Running);
        Assert.Equal(family[0], home.SeeHealthy().GetProperty("pid").GetInt32());

        // Another build: half of one is refused, a whole one is taken up by the agent at once and by the supervisor at its next start.
        var half = home.CopyOfPrograms("half", "holdfast.exe");
        var refused = home.Holdfast("upgrade", "--to", half);
        Assert.True(refused.Code == ExitCode.NotFound, refused.ToString());
        Assert.Contains("upgrade.no-build", refused.Error, StringComparison.Ordinal);
        var next = home.CopyOfPrograms("next");
        var upgraded = home.Do("upgrade", "--to", next);
        Assert.Contains($"{NodeServices.Supervisor} takes it up at its next start", upgraded.Error, StringComparison.Ordinal);
        Assert.StartsWith(next, home.ExecutableOf(NodeServices.Agent), StringComparison.OrdinalIgnoreCase);
        Assert.False(home.ExecutableOf(NodeServices.Supervisor).StartsWith(next, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(family[0], home.SeeHealthy().GetProperty("pid").GetInt32());

        // The supervisor is what keeps it: with that it goes and comes.
        home.Control(NodeServices.Supervisor, NativeState.Stopped);
        Assert.All(family, pid => Assert.False(HostHarness.IsProcess(pid)));
        home.Control(NodeServices.Supervisor, NativeState.Running);
        Assert.StartsWith(next, home.ExecutableOf(NodeServices.Supervisor), StringComparison.OrdinalIgnoreCase);
        home.SeeHealthy();

        home.Do("agent", "uninstall");
        Assert.False(home.Scm.Read(NodeServices.Agent).IsOk);
        Assert.False(home.Scm.Read(NodeServices.Supervisor).IsOk);
        Assert.False(home.Holdfast("upgrade", "--to", next).Code == ExitCode.Ok);
    }
}
