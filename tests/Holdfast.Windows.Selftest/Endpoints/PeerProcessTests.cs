using System.IO.Pipes;
using Holdfast.Core.Health;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Processes;

namespace Holdfast.Windows.Selftest.Endpoints;

/// <summary>Which instance is at the other end of a pipe.</summary>
public sealed class PeerProcessTests
{
    [Theory]
    [InlineData("payments-0")]
    [InlineData("payments-0.PreStop")]
    public async Task It_is_whose_job_the_process_is_in_or_whose_hook_and_nobody_when_it_has_ended(string container)
    {
        using var host = new HostHarness();
        var (main, other, where) = (host.Open("payments-0"), host.Open("payments-1"), host.Open(container));
        var name = $"holdfast-peer-{Guid.NewGuid():n}";
        await using var pipe = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        var connected = pipe.WaitForConnectionAsync();
        var process = host.StartPatient(where, "connect", @"\\.\pipe\" + name);
        await connected.WaitAsync(HostHarness.Generous, TimeProvider.System);

        using var peer = PeerProcess.Of(pipe)!;
        Assert.Equal(process.Pid, peer.Pid);
        Assert.Equal("payments-0", peer.InstanceOf([Status("payments-1", other), Status("payments-0", main)])?.Instance);
        Assert.Null(peer.InstanceOf([Status("payments-1", other)]));

        where.Kill();
        host.WaitUntilEmptied(where);
        Assert.False(peer.IsAlive);
        Assert.Null(peer.InstanceOf([Status("payments-0", main)]));
    }

    private static InstanceStatus Status(string instance, IContainer container) => new()
    {
        Instance = instance,
        Service = "payments",
        Release = 1,
        PackageDigest = "sha256:00",
        Incarnation = 1,
        Wanted = RunState.Running,
        State = InstanceState.Running,
        Health = HealthState.Unknown,
        Reason = "so it is",
        Since = DateTimeOffset.UnixEpoch,
        Containment = container.Status,
    };
}
