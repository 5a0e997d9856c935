using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Holdfast.Windows.Selftest.Running;
using Holdfast.Core.NativeServices;

namespace Holdfast.Windows.Selftest.Services;

/// <summary>Services that somebody pauses: with holdfast.exe, and with the SCM's own control as services.msc does.</summary>
public sealed class PausedServiceTests
{
    [Fact]
    public void What_is_suspended_stands_still_with_its_child_goes_on_and_hears_that_it_is_to_stop()
    {
        using var service = InstalledService.ThatPauses(["beat", "FILE", "with-child"], "{suspend: true}");
        Assert.True(service.Installed.Code == 0, service.Installed.ToString());
        Ok(service.Holdfast("service", "start", service.Name));
        Assert.Equal(
            AcceptedControls.Stop | AcceptedControls.PauseContinue,
            service.Scm.Status(service.Name).Value.Status.Accepted & (AcceptedControls.Stop | AcceptedControls.PauseContinue));
        SeeBeats(service);

        Ok(service.Holdfast("service", "pause", service.Name));
        Assert.Equal(NativeState.Paused, service.Scm.Status(service.Name).Value.Status.State);
        var before = Beats(service);
        // Two looks are two processes, which take longer than a beat by far.
        Assert.Equal("paused", Text(service.See("paused", _ => true), "state"));
        Assert.Contains("paused", service.Holdfast("service", "list").Output, StringComparison.Ordinal);
        Assert.Equal(before, Beats(service));
        Ok(service.Holdfast("service", "pause", service.Name));

        Ok(service.Holdfast("service", "continue", service.Name));
        Assert.Equal(NativeState.Running, service.Scm.Status(service.Name).Value.Status.State);
        SeeBeats(service);

        Assert.Empty(service.Scm.Control(service.Name, NativeControl.Pause).Problems);
        service.SeeStatus("paused", status => status.State == NativeState.Paused);
        Ok(service.Holdfast("service", "stop", service.Name));
        Assert.Equal((NativeState.Stopped, NativeExit.Success), (service.Scm.Status(service.Name).Value.Status.State, service.Scm.Status(service.Name).Value.Status.Exit));
        Assert.True(File.Exists(service.Told + ".down"), "it was killed, and not asked");
    }

    [Fact]
    public void Law05_a_crash_while_it_is_paused_is_a_crash_and_the_SCM_sees_that_it_runs()
    {
        using var service = InstalledService.ThatPauses(["beat", "FILE"], "{suspend: true}");
        Ok(service.Holdfast("service", "start", service.Name));
        SeeBeats(service, child: false);
        Ok(service.Holdfast("service", "pause", service.Name));
        InstalledService.Kill(Number(service.See("paused", one => Text(one, "state") == "paused"), "pid"));
        service.See("restarted once", one => Text(one, "state") == "running" && Number(one, "restarts") == 1);
        service.SeeStatus("running", status => status.State == NativeState.Running);
        SeeBeats(service, child: false);
    }

    [Fact]
    public void Hooks_pause_it_and_one_that_fails_has_not()
    {
        using var service = InstalledService.ThatPauses(["sleep"], "{hooks: {pause: {command: [EXE, patient, append, FILE, paused]}, continue: {command: [EXE, patient, append, FILE, went-on]}}}");
        Ok(service.Holdfast("service", "start", service.Name));
        Ok(service.Holdfast("service", "pause", service.Name));
        Assert.Equal(NativeState.Paused, service.Scm.Status(service.Name).Value.Status.State);
        Ok(service.Holdfast("service", "continue", service.Name));
        Assert.Equal(["paused", "went-on"], File.ReadAllLines(service.Told));

        using var failing = InstalledService.ThatPauses(["sleep"], "{hooks: {pause: {command: [EXE, patient, exit, '9']}, continue: {command: [EXE, patient, append, FILE, went-on]}}}");
        Ok(failing.Holdfast("service", "start", failing.Name));
        var failed = failing.Holdfast("service", "pause", failing.Name);
        Assert.NotEqual(0, failed.Code);
        Assert.Contains("not paused: exit code 9", failed.Error, StringComparison.Ordinal);
        Assert.Equal(NativeState.Running, failing.Scm.Status(failing.Name).Value.Status.State);
        failing.Until("what there was of it is taken back", () => File.Exists(failing.Told));
    }

    [Fact]
    public void It_is_paused_and_continued_by_HTTP()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        free.Stop();
        using var service = InstalledService.ThatPauses(["pausable", port, "FILE"], $"{{http: {{port: '{port}', pause: /stand-still, continue: /go-on}}}}");
        Assert.True(service.Installed.Code == 0, service.Installed.ToString());
        Ok(service.Holdfast("service", "start", service.Name));
        // What is started is ready before it listens: its spec has no probe.
        service.Until("it listens", () => CanConnect(port));
        Ok(service.Holdfast("service", "pause", service.Name));
        Assert.Equal(NativeState.Paused, service.Scm.Status(service.Name).Value.Status.State);
        Ok(service.Holdfast("service", "continue", service.Name));
        Assert.Equal(["POST /stand-still HTTP/1.1", "POST /go-on HTTP/1.1"], File.ReadAllLines(service.Told).Where(line => line.Length > 0));
    }

    [Fact]
    public void What_cannot_be_paused_says_so_in_words()
    {
        using var service = new InstalledService();
        var stopped = service.Holdfast("service", "pause", service.Name);
        Assert.NotEqual(0, stopped.Code);
        Assert.Contains("1062", stopped.Error, StringComparison.Ordinal);
        Ok(service.Holdfast("service", "start", service.Name));
        var refused = service.Holdfast("service", "pause", service.Name);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("1052", refused.Error, StringComparison.Ordinal);
        Assert.Contains("windows.pause", refused.Error, StringComparison.Ordinal);
        Assert.Equal(NativeState.Running, service.Scm.Status(service.Name).Value.Status.State);
    }

    [Fact]
    public void Many_pauses_in_a_row_are_all_taken()
    {
        using var service = InstalledService.ThatPauses(["beat", "FILE"], "{suspend: true}");
        Ok(service.Holdfast("service", "start", service.Name));
        for (var round = 0; round < 50; round++)
        {
            Assert.Empty(service.Scm.Control(service.Name, NativeControl.Pause).Problems);
            service.SeeStatus("paused", status => status.State == NativeState.Paused);
            Assert.Empty(service.Scm.Control(service.Name, NativeControl.Continue).Problems);
            service.SeeStatus("running", status => status.State == NativeState.Running);
        }

        SeeBeats(service, child: false);
    }

    private static void SeeBeats(InstalledService service, bool child = true)
    {
        var before = Beats(service);
        service.Until("beats", () => Beats(service) is var (own, childs) && own > before.Own && (!child || childs > before.Child));
    }

    private static (long Own, long Child) Beats(InstalledService service) => (Length(service.Told), Length(service.Told + ".child"));

    private static long Length(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    private static bool CanConnect(string port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Ok(Answer answer) => Assert.True(answer.Code == 0, answer.ToString());

    private static string Text(JsonElement document, string name) => document.GetProperty(name).GetString() ?? "";

    private static int Number(JsonElement document, string name) => document.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : 0;
}
