using System.Runtime.Versioning;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Cli.Units;

/// <summary>A service of this machine whose process is a supervisor of ours, of whatever home.</summary>
/// <param name="Runs">Its process is there, whatever its state.</param>
internal sealed record OwnService(NativeServiceConfig Config, bool Runs);

[SupportedOSPlatform("windows")]
internal static class OwnServices
{
    public static bool Is(NativeServiceConfig config) => config.CommandLine.Contains("holdfast-supervisor", StringComparison.OrdinalIgnoreCase);

    /// <summary>What may not be read is none of ours: who installs ours may read them.</summary>
    public static Outcome<IReadOnlyList<OwnService>> Of(ServiceControlManager scm) => scm.List().Then(listed => Outcome.Of<IReadOnlyList<OwnService>>(
        [.. from one in listed
            let read = scm.Read(one.Name)
            where read.IsOk && Is(read.Value.Config)
            select new OwnService(read.Value.Config, one.Status.Status.State != NativeState.Stopped)]));
}
