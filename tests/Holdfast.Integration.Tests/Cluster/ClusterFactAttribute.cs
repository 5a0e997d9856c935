using Holdfast.Integration.Tests.Nodes;
using Holdfast.Testing.Storage;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>A test with an etcd and with workers, which are compiled.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute()
    {
        // Signals that stop and continue a process, and a worker in C for Linux' clocks: the tests of the deadline itself are the supervisor's.
        if (OperatingSystem.IsWindows()) Skip = "its processes are stopped and cut off by Linux' means";
        else if (EtcdProcess.WhyNot() is { } why) Skip = why;
        // The worker must be native: what one on a runtime does in its last milliseconds would be the runtime's. eng/needs.sh installs gcc where it may.
        else if (!Programs.Has("gcc")) Skip = "needs gcc: its worker is compiled by the test";
    }
}
