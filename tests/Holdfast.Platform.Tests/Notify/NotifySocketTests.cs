using System.Net.Sockets;
using Holdfast.Testing.Processes;

namespace Holdfast.Platform.Tests.Notify;

[Collection(Processes.OneAtATime.Name)]
public sealed class NotifySocketTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_message_comes_with_the_pid_of_its_sender_and_then_there_is_none()
    {
        using var notify = NotifySocket.Create(folder["n"]).Value;
        Assert.False(notify.TryReceive(out _, out _));
        Send("READY=1\nSTATUS=serving 中文");
        Assert.True(notify.TryReceive(out var message, out var pid));
        Assert.True(message.Ready);
        Assert.Equal("serving 中文", message.Status);
        Assert.Equal(Environment.ProcessId, pid);
        Assert.False(notify.TryReceive(out _, out _));
    }

    [Fact]
    public void It_is_readable_when_there_is_one_and_only_the_owner_may_send()
    {
        using var notify = NotifySocket.Create(folder["n"]).Value;
        using var readiness = Readiness.Create();
        readiness.Add(notify.Handle, 5);
        Send("WATCHDOG=1");
        var events = new ReadyEvent[1];
        Assert.Equal(1, readiness.Wait(events, HostHarness.Generous));
        Assert.Equal(5, events[0].Token);
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(folder["n"]) & ~LocalEndpoint.OwnerOnly);
    }

    [Fact]
    public void Another_process_is_told_apart_by_the_kernel()
    {
        using var host = new HostHarness();
        using var notify = NotifySocket.Create(folder["n"]).Value;
        var container = host.Open();
        var python = new[] { "/usr/bin/python3", "/usr/local/bin/python3" }.FirstOrDefault(File.Exists);
        if (python is null)
            return; // Needs a sender that is a process of its own and speaks datagrams.
        var process = host.Start(container, "", launch => launch with
        {
            Executable = python,
            Arguments = ["-c", "import os, socket, sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'READY=1\\nMAINPID=1', sys.argv[1])", notify.Address],
        });
        Assert.Equal(0, host.ExitOf(process).Code);
        Assert.True(notify.TryReceive(out var message, out var pid));
        Assert.Equal(process.Pid, pid);
        Assert.Equal(1, message.MainPid);
    }

    [Fact]
    public void A_socket_of_an_earlier_run_is_replaced_and_the_own_one_removed()
    {
        var left = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        left.Bind(new UnixDomainSocketEndPoint(folder["live"]));
        File.Move(folder["live"], folder["n"]);
        left.Dispose();
        NotifySocket.Create(folder["n"]).Value.Dispose();
        Assert.False(File.Exists(folder["n"]));
    }

    private void Send(string text)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(System.Text.Encoding.UTF8.GetBytes(text), new UnixDomainSocketEndPoint(folder["n"]));
    }
}
