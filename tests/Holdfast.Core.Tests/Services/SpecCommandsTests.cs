using System.Reflection;
using System.Text.Json;
using Holdfast.Core.Leadership;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Services;

public sealed class SpecCommandsTests
{
    private static readonly HookSpec Hook = new() { Command = ["bin/hook"] };
    private static readonly ProbeSpec Probe = new() { Exec = new ExecProbe(["bin/probe"]) };

    private static readonly ServiceSpec Everything = new()
    {
        Name = "payments",
        Command = ["bin/payments"],
        Hooks = new() { PreStart = Hook, PostStart = Hook, PreStop = Hook, PostStop = Hook },
        Reload = new() { Hook = Hook },
        Health = new() { Startup = Probe, Liveness = Probe, Readiness = Probe },
        Windows = new() { Pause = new PauseSpec { Hooks = new PauseHooks(Hook, Hook) } },
        Placement = new() { Mode = PlacementMode.ActiveStandby, Standby = Standby.Hot, Promote = new() { Hook = Hook } },
    };

    /// <summary>A command that is forgotten there is neither looked for when it is packed nor pinned (law 1), and is refused in the moment in which it is to run.</summary>
    [Fact]
    public void Law01_whatever_a_spec_can_run_is_among_its_commands() =>
        Assert.Equal(Paths(typeof(ServiceSpec), "").Append("command").Order(StringComparer.Ordinal), SpecCommands.Of(Everything).Select(one => one.Key).Order(StringComparer.Ordinal));

    /// <summary>Where the type of a spec has something to run.</summary>
    private static IEnumerable<string> Paths(Type type, string at)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var path = at + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (property.PropertyType == typeof(HookSpec) || property.PropertyType == typeof(ExecProbe)) yield return path;
            else if (property.PropertyType is { IsClass: true, Namespace: "Holdfast.Core.Services" })
                foreach (var below in Paths(property.PropertyType, path + ".")) yield return below;
        }
    }
}
