using System.Runtime.Versioning;
using Holdfast.Core.EventLog;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.EventLog;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Node.Supervisors;

/// <summary>A service of this machine whose process is a supervisor of ours, of whatever home.</summary>
/// <param name="Runs">Its process is there, whatever its state.</param>
public sealed record OwnService(NativeServiceConfig Config, bool Runs);

[SupportedOSPlatform("windows")]
public static class OwnServices
{
    /// <summary>What may not be read is none of ours: who installs ours may read them.</summary>
    public static Outcome<IReadOnlyList<OwnService>> Of(ServiceControlManager scm) => scm.List().Then(listed => Outcome.Of<IReadOnlyList<OwnService>>(
        [.. from one in listed
            let read = scm.Read(one.Name)
            where read.IsOk && NativeCommand.IsOurs(read.Value.Config)
            select new OwnService(read.Value.Config, one.Status.Status.State != NativeState.Stopped)]));

    /// <summary>What Event Viewer needs for the words of all of them; comes with the first.</summary>
    public static Outcome<Done> KeepEventSource() => EventLogSource.Register(Path.Combine(Path.GetDirectoryName(SupervisorLauncher.DefaultExecutable)!, EventLogMessages.Library));

    /// <summary>And goes with the last, of whatever home.</summary>
    /// <param name="leaving">The names of those that are just taken away.</param>
    public static Outcome<Done> LetEventSourceGo(ServiceControlManager scm, params IReadOnlyList<string> leaving) =>
        Of(scm).Then(ours => ours.Any(one => !leaving.Contains(one.Config.Name, StringComparer.OrdinalIgnoreCase)) ? Outcome.Done : EventLogSource.Unregister());
}
