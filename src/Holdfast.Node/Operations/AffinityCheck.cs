using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Platform;

namespace Holdfast.Node.Operations;

/// <summary>Whether this host has the CPUs that a service names: said at the deploy, before the release that runs is touched.</summary>
internal static class AffinityCheck
{
    public static Outcome<Done> Run(LimitsSpec limits) =>
        limits.Affinity is { } cpus && HostCpus.Missing(cpus) is { } missing ? missing : Outcome.Done;
}
