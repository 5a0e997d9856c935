using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Holdfast.Core.Health;
using Holdfast.Core.Supervision;
using Holdfast.Platform.Linux.Containers;
using Holdfast.Testing;

namespace Holdfast.Platform.Tests.Endpoints;

/// <summary>Which instance is at the other end of a local connection.</summary>
[SupportedOSPlatform("linux")]
public sealed class PeerProcessTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Where_containers_are_sessions_it_is_who_the_process_is_or_descends_from()
    {
        using var peer = Connected();
        var (own, parent) = (ProcessFacts.Read(Environment.ProcessId)!, ProcessFacts.Read(ProcessFacts.Read(Environment.ProcessId)!.ParentPid)!);

        Assert.Equal(Environment.ProcessId, peer.Pid);
        Assert.Equal("payments-0", peer.InstanceOf([Session("orders-0", 1, 1), Session("payments-0", own.Pid, own.CreationTime)])?.Instance);
        Assert.Equal("payments-0", peer.InstanceOf([Session("payments-0", parent.Pid, parent.CreationTime)])?.Instance);
        // The number is somebody else's by now.
        Assert.Null(peer.InstanceOf([Session("payments-0", own.Pid, own.CreationTime + 1)]));
        Assert.Null(peer.InstanceOf([]));
    }

    [Fact]
    public void Where_containers_are_cgroups_it_is_whose_cgroup_the_process_is_in()
    {
        // Without a unified tree in sight nobody is in one.
        if (CgroupHierarchy.FolderOf(Environment.ProcessId) is not { } own) return;
        using var peer = Connected();

        Assert.Equal("payments-0", peer.InstanceOf([Cgroup("orders-0", own + "x"), Cgroup("payments-0", own)])?.Instance);
        // One that the service made within its own.
        Assert.Equal("payments-0", peer.InstanceOf([Cgroup("payments-0", Path.GetDirectoryName(own)!)])?.Instance);
        Assert.Null(peer.InstanceOf([Cgroup("orders-0", own + "x"), Cgroup("orders-1", own + "/inner")]));
    }

    [Fact]
    public async Task A_connection_that_outlives_the_process_that_made_it_is_nobodys()
    {
        using var listener = LocalEndpoint.Listen(folder["s"]).Value;
        // Its child keeps the connection, and ends when it is told to.
        using var maker = Process.Start(new ProcessStartInfo("python3", ["-c", """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            if os.fork() > 0:
                s.recv(1)
                os._exit(0)
            while s.recv(1, socket.MSG_PEEK):
                pass
            """, folder["s"]]))!;
        using var server = await listener.AcceptAsync();
        using var peer = PeerProcess.Of(server)!;
        var facts = ProcessFacts.Read(peer.Pid)!;
        Assert.True(peer.IsAlive);
        Assert.Equal("payments-0", peer.InstanceOf([Session("payments-0", facts.Pid, facts.CreationTime)])?.Instance);

        await server.SendAsync(new byte[1]);
        await maker.WaitForExitAsync();
        await Eventually.SeeAsync("its end", () => !peer.IsAlive);

        Assert.Null(peer.InstanceOf([Session("payments-0", facts.Pid, facts.CreationTime)]));
    }

    [Fact]
    public async Task A_mark_in_the_environment_makes_nobody_a_member()
    {
        using var listener = LocalEndpoint.Listen(folder["s"]).Value;
        var start = new ProcessStartInfo("python3", ["-c", "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.recv(1)", folder["s"]])
        {
            Environment = { [SessionScan.Variable] = "session:payments-0" },
        };
        using var forger = Process.Start(start)!;
        using var sleeper = Process.Start("sleep", "60");
        try
        {
            using (var server = await listener.AcceptAsync())
            using (var peer = PeerProcess.Of(server)!)
            {
                var member = ProcessFacts.Read(sleeper.Id)!;
                Assert.Null(peer.InstanceOf([Session("payments-0", member.Pid, member.CreationTime)]));
            }

            await forger.WaitForExitAsync();
        }
        finally
        {
            sleeper.Kill();
            await sleeper.WaitForExitAsync();
        }
    }

    private PeerProcess Connected()
    {
        using var listener = LocalEndpoint.Listen(folder["s"]).Value;
        using var client = LocalEndpoint.Connect(folder["s"]).Value;
        using var server = listener.Accept();
        return PeerProcess.Of(server)!;
    }

    private static InstanceStatus Session(string instance, int pid, long creationTime) => Status(instance) with { Containment = new() { Kind = "session", Id = $"session:{instance}" }, Pid = pid, CreationTime = creationTime };

    private static InstanceStatus Cgroup(string instance, string id) => Status(instance) with { Containment = new() { Kind = "cgroup", Id = id } };

    private static InstanceStatus Status(string instance) => new()
    {
        Instance = instance,
        Service = instance[..instance.LastIndexOf('-')],
        Release = 1,
        PackageDigest = "sha256:00",
        Incarnation = 1,
        Wanted = RunState.Running,
        State = InstanceState.Running,
        Health = HealthState.Unknown,
        Reason = "so it is",
        Since = DateTimeOffset.UnixEpoch,
    };
}
