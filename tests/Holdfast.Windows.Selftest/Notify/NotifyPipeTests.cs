using System.Text;
using Holdfast.Platform;
using Holdfast.Platform.Tests;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Patients;
using Holdfast.Windows.Selftest.Processes;

namespace Holdfast.Windows.Selftest.Notify;

public sealed class NotifyPipeTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_message_comes_with_the_pid_of_its_sender_and_then_there_is_none()
    {
        using var notify = NotifySocket.Create(folder["n"]).Value;
        Assert.False(notify.TryReceive(out _, out _));
        Send(notify, "READY=1\nSTATUS=serving 中文");
        Assert.True(notify.TryReceive(out var message, out var pid));
        Assert.True(message.Ready);
        Assert.Equal("serving 中文", message.Status);
        Assert.Equal(Environment.ProcessId, pid);
        Assert.False(notify.TryReceive(out _, out _));
    }

    [Fact]
    public void It_is_told_while_there_is_one_and_no_longer()
    {
        using var notify = NotifySocket.Create(folder["n"]).Value;
        using var readiness = Readiness.Create();
        readiness.Add(notify.Handle, 5);
        var events = new ReadyEvent[1];
        for (var round = 0; round < 3; round++)
        {
            Send(notify, "WATCHDOG=1");
            var taken = 0;
            while (taken == 0)
            {
                Assert.Equal(1, readiness.Wait(events, HostHarness.Generous));
                while (notify.TryReceive(out var message, out _)) taken += message.Watchdog ? 1 : 0;
            }

            Assert.Equal(1, taken);
            while (notify.TryReceive(out _, out _)) Assert.Fail("there was one");
        }
    }

    [Fact]
    public void Messages_of_one_connection_and_of_several_stay_apart()
    {
        using var notify = NotifySocket.Create(folder["n"]).Value;
        using var one = Open(notify);
        Write(one, "STATUS=one");
        Write(one, "STATUS=two");
        Assert.Equal(["one", "two"], Take(notify, 2));
        using var other = Open(notify);
        Write(other, "STATUS=three");
        Write(one, "STATUS=four");
        Assert.Equal(["four", "three"], Take(notify, 2).Order());
    }

    [Fact]
    public void A_message_that_is_too_long_is_cut_and_the_next_one_is_whole()
    {
        using var notify = NotifySocket.Create(folder["n"]).Value;
        using var sender = Open(notify);
        // It waits until there is room.
        var writing = new Thread(() =>
        {
            Write(sender, "STATUS=long\nX_FILL=" + new string('x', 6000));
            Write(sender, "STATUS=next");
        });
        writing.Start();
        Assert.Equal(["long", "next"], Take(notify, 2));
        writing.Join();
    }

    [Fact]
    public void Another_process_is_told_apart_by_Windows()
    {
        using var host = new HostHarness();
        using var notify = NotifySocket.Create(folder["n"]).Value;
        var process = host.StartPatient(host.Open(), "notify", notify.Address);
        // Without somebody who takes it the sender's pipe stays as it is, and it ends.
        Assert.Equal(0, host.ExitOf(process).Code);
        var pid = 0;
        host.WaitUntil(() => notify.TryReceive(out var message, out pid) && message.Ready, "it is heard");
        Assert.Equal(process.Pid, pid);
    }

    [Fact]
    public void A_shell_can_say_it()
    {
        using var host = new HostHarness();
        using var notify = NotifySocket.Create(folder["n"]).Value;
        var launch = Patient.Launch() with { Executable = Path.Combine(Environment.SystemDirectory, "cmd.exe"), Arguments = ["/d", "/c", "echo", "READY=1", ">" + notify.Address] };
        Assert.Equal(0, host.ExitOf(host.Host.Start(host.Open(), launch).Value).Code);
        host.WaitUntil(() => notify.TryReceive(out var message, out _) && message.Ready, "it is heard");
    }

    private static List<string> Take(NotifySocket notify, int count)
    {
        var taken = new List<string>();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                while (notify.TryReceive(out var message, out _))
                {
                    if (message.Status is { } status) taken.Add(status);
                }

                return taken.Count >= count;
            },
            HostHarness.Generous));
        return taken;
    }

    private static FileStream Open(NotifySocket notify)
    {
        FileStream? opened = null;
        // A listener that was just taken is followed by the next when somebody looks.
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    opened = Patient.OpenNotify(notify.Address);
                    return true;
                }
                catch (IOException)
                {
                    notify.TryReceive(out _, out _);
                    return false;
                }
            },
            HostHarness.Generous));
        return opened!;
    }

    private static void Write(FileStream sender, string text) => sender.Write(Encoding.UTF8.GetBytes(text));

    private static void Send(NotifySocket notify, string text)
    {
        using var sender = Open(notify);
        Write(sender, text);
    }
}
