using System.Text.Json;
using Holdfast.Core.Auditing;
using Holdfast.Integration.Tests.Machines;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Integration.Tests;

/// <summary>Any executable of a machine as a service of its systemd, as a user of NSSM would have it: no agent, no package.</summary>
[Trait("Category", "Slow")]
public sealed class InstalledServiceTests
{
    private const string Unit = "holdfast-service-ledger.service";

    [SystemdMachine.Fact]
    public async Task Law01_05_and_07_an_executable_becomes_a_service_runs_as_it_was_pinned_and_goes_without_a_trace()
    {
        await using var node = SystemdMachine.CreateNode();
        await using var machine = await SystemdMachine.BootAsync(node);
        var program = Program(node, "first");
        await MistakesAsync(machine, node, program);

        var installed = (await machine.HoldfastAsync("service", "install", "ledger", "--env", "TONE=quiet ${x}", "--writable", "logs", "--now", program, "--", "--deep", "a b")).Ok();
        Assert.Contains(Unit, installed.Output, StringComparison.Ordinal);
        Assert.Equal(("active", "enabled"), (await machine.ShowAsync(Unit, "ActiveState"), await machine.ShowAsync(Unit, "UnitFileState")));
        var first = await SeeAsync(machine, "running", one => one.State == "running" && one.Pid > 0);
        Assert.Equal("first: --deep|a b|quiet ${x}|" + Path.GetDirectoryName(program), await File.ReadAllTextAsync(Said(program)));

        // What it writes where it may is no change of it.
        await machine.KillAsync(first.Pid);
        var second = await SeeAsync(machine, "restarted once", one => one.State == "running" && one.Restarts == 1 && one.Pid > 0 && one.Pid != first.Pid);

        // A changed program is not started; it is, once somebody who may has said that it is meant.
        Program(node, "second");
        await machine.KillAsync(second.Pid);
        var refused = await SeeAsync(machine, "refused", one => one.State == "failed");
        Assert.Contains("run.sh is not what was pinned", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("holdfast service trust ledger", refused.Reason, StringComparison.Ordinal);
        (await machine.HoldfastAsync("service", "trust", "ledger")).Ok();
        var third = await SeeAsync(machine, "running again", one => one.State == "running" && one.Release == 2 && one.Pid > 0);
        Assert.StartsWith("second: ", await File.ReadAllTextAsync(Said(program)), StringComparison.Ordinal);

        // Rights as well are what was pinned; what opened it is named, and closed again.
        (await machine.HoldfastAsync("acl", "check", "ledger")).Ok();
        node.Run("chmod", "o+w", program);
        Assert.Contains($"code  {program}: everybody may write it", (await machine.HoldfastAsync("acl", "check", "ledger")).Expect(3).Output, StringComparison.Ordinal);
        Assert.Contains("holdfast service trust ledger", (await machine.HoldfastAsync("acl", "apply", "ledger")).Ok().Error, StringComparison.Ordinal);
        (await machine.HoldfastAsync("service", "trust", "ledger")).Ok();
        third = await SeeAsync(machine, "running again", one => one.State == "running" && one.Release == 3 && one.Pid > 0);

        await ChangedAsync(machine, node, third);
        (await machine.HoldfastAsync("service", "remove", "ledger", "--purge")).Ok();
        Assert.False(File.Exists(Path.Combine(node.Root, "machine", "units", Unit)));
        Assert.Empty(Directory.GetDirectories(Path.Combine(node.Home, "output")));
        Assert.True(File.Exists(program));

        var acts = AuditReader.Read(new Home(node.Home).Audit, new()).Where(entry => entry.Target == "ledger").ToList();
        foreach (var act in new[] { "service.install", "service.trust", "service.edit", "service.stop", "service.start", "service.remove" })
            Assert.Equal([AuditOutcome.Intended, AuditOutcome.Done], acts.Where(entry => entry.Action == act).Select(entry => entry.Outcome).TakeLast(2));
        Assert.True(AuditVerifier.Verify(new Home(node.Home).Audit, [], default).Value.Whole);
    }

    [SystemdMachine.Fact]
    public async Task It_starts_at_boot_and_an_agent_shows_it_and_leaves_it_alone()
    {
        await using var node = SystemdMachine.CreateNode();
        await using var machine = await SystemdMachine.BootAsync(node);
        (await machine.HoldfastAsync("service", "install", "ledger", Program(node, "first"), "--writable", "logs", "--now")).Ok();
        await machine.CutPowerAsync();
        var booted = await SeeAsync(machine, "running after the boot", one => one.State == "running" && one.Pid > 0);

        (await machine.HoldfastAsync("keys", "init")).Ok();
        (await machine.HoldfastAsync("agent", "install", "--now")).Ok();
        var row = await machine.SeeAsync("shown by the agent", "ledger", one => one.State == "running");
        Assert.Equal((booted.Pid, Unit, 1), (row.Pid, row.Supervisor, row.Release));
        Assert.DoesNotContain("does not know", (await machine.HoldfastAsync("ps")).Ok().Error, StringComparison.Ordinal);
        Assert.Contains("ledger", (await machine.HoldfastAsync("logs", "ledger")).Output, StringComparison.Ordinal);

        // The record is the agent's now.
        (await machine.HoldfastAsync("service", "restart", "ledger")).Ok();
        Assert.Contains("service.restart", (await machine.HoldfastAsync("audit", "list")).Ok().Output, StringComparison.Ordinal);
        var after = await SeeAsync(machine, "running again", one => one.State == "running" && one.Pid > 0 && one.Pid != booted.Pid);
        Assert.Equal(after.Pid, (await machine.PsAsync("ledger")).Pid);
        (await machine.HoldfastAsync("service", "remove", "ledger")).Ok();
        Assert.Contains("no service", (await machine.HoldfastAsync("ps", "ledger")).Expect(4).Error, StringComparison.OrdinalIgnoreCase);
    }

    [SystemdMachine.Fact]
    public async Task Law05_what_has_failed_is_tried_again_when_somebody_starts_it()
    {
        await using var node = SystemdMachine.CreateNode();
        await using var machine = await SystemdMachine.BootAsync(node);
        var program = Program(node, "first");
        var gate = Path.Combine(Path.GetDirectoryName(program)!, "logs", "gate");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n[ -e {gate} ] || exit 3\ntrap 'exit 0' TERM\nwhile :; do sleep 0.05; done\n");
        var spec = Path.Combine(node.Work, "quick.yaml");
        await File.WriteAllTextAsync(spec, $"apiVersion: holdfast/v1\nkind: Service\nname: ledger\ncommand: [{program}]\nrestart: {{delays: [0s], attempts: 1}}\n");

        // Whether it is seen running or failed is chance: it runs for a moment.
        await machine.HoldfastAsync("service", "install", "ledger", "--spec", spec, "--writable", "logs", "--now");
        await SeeAsync(machine, "failed", one => one.State == "failed");
        await File.WriteAllTextAsync(gate, "");
        foreach (var verb in new[] { "start", "restart" })
        {
            (await machine.HoldfastAsync("service", verb, "ledger")).Ok();
            await SeeAsync(machine, "running", one => one.State == "running" && one.Restarts == 0 && one.Pid > 0);
        }

        // The same after a stop: what failed before is no reason not to try.
        File.Delete(gate);
        await machine.KillAsync((await SeeAsync(machine, "running", one => one.Pid > 0)).Pid);
        await SeeAsync(machine, "failed again", one => one.State == "failed");
        await File.WriteAllTextAsync(gate, "");
        (await machine.HoldfastAsync("service", "restart", "ledger")).Ok();
        await SeeAsync(machine, "running again", one => one.State == "running" && one.Pid > 0);
    }

    [SystemdMachine.Fact]
    public async Task What_winsw_kept_is_a_service_of_ours_and_its_definition_brings_it_back()
    {
        await using var node = SystemdMachine.CreateNode();
        await using var machine = await SystemdMachine.BootAsync(node);
        var program = Program(node, "first");
        var (winsw, definition) = (Path.Combine(node.Work, "ledger.xml"), Path.Combine(node.Work, "ledger.yaml"));
        await File.WriteAllTextAsync(winsw, $"""
            <service><id>Ledger</id><executable>{program}</executable><arguments>--deep "a b"</arguments><workingdirectory>{Path.GetDirectoryName(program)}</workingdirectory>
            <env name="TONE" value="quiet"/><onfailure action="restart" delay="100 ms"/><stoptimeout>5 sec</stoptimeout><depend>Tcpip</depend></service>
            """);

        (await machine.HoldfastAsync("service", "import", winsw, "--dry-run")).Ok();
        Assert.Contains("has no service", (await machine.HoldfastAsync("service", "list")).Ok().Error, StringComparison.Ordinal);
        var imported = (await machine.HoldfastAsync("service", "import", winsw, "--writable", "logs", "--now")).Ok();
        Assert.Contains(Unit, imported.Output, StringComparison.Ordinal);
        Assert.Contains("Ledger, is not touched", imported.Error, StringComparison.Ordinal);
        var first = await SeeAsync(machine, "running", one => one.State == "running" && one.Pid > 0);
        Assert.Equal("first: --deep|a b|quiet|" + Path.GetDirectoryName(program), await File.ReadAllTextAsync(Said(program)));
        await machine.KillAsync(first.Pid);
        await SeeAsync(machine, "restarted once", one => one.State == "running" && one.Restarts == 1 && one.Pid > 0);

        (await machine.HoldfastAsync("service", "export", "ledger", "-o", definition)).Ok();
        (await machine.HoldfastAsync("service", "remove", "ledger", "--purge")).Ok();
        (await machine.HoldfastAsync("service", "import", definition, "--now")).Ok();
        await SeeAsync(machine, "running again", one => one.State == "running" && one.Restarts == 0 && one.Pid > 0);
        Assert.Equal(await File.ReadAllTextAsync(definition), (await machine.HoldfastAsync("service", "export", "ledger")).Ok().Output);
        Assert.Equal("winsw,holdfast", string.Join(',', AuditReader.Read(new Home(node.Home).Audit, new()).Where(entry => entry.Action == "service.install" && entry.Outcome == AuditOutcome.Done).Select(entry => entry.Details["from"])));
        (await machine.HoldfastAsync("service", "remove", "ledger", "--purge")).Ok();
    }

    [SystemdMachine.Fact]
    public async Task It_is_paused_by_suspension_goes_on_and_hears_that_it_is_to_stop()
    {
        await using var node = SystemdMachine.CreateNode();
        await using var machine = await SystemdMachine.BootAsync(node);
        var program = Program(node, "first");
        await File.WriteAllTextAsync(program, "#!/bin/sh\ntrap 'echo ending >logs/ending; exit 0' TERM\nwhile :; do printf x >>logs/beats; sleep 0.01; done\n");
        var spec = Path.Combine(node.Work, "pausing.yaml");
        await File.WriteAllTextAsync(spec, $"apiVersion: holdfast/v1\nkind: Service\nname: ledger\ncommand: [{program}]\nworkingFolder: .\nwindows: {{nativeService: true, pause: {{suspend: true}}}}\n");
        (await machine.HoldfastAsync("service", "install", "ledger", "--spec", spec, "--writable", "logs")).Ok();
        Assert.Contains("holdfast service start ledger", (await machine.HoldfastAsync("service", "pause", "ledger")).Expect(5).Error, StringComparison.Ordinal);
        (await machine.HoldfastAsync("service", "start", "ledger")).Ok();
        var beats = Path.Combine(Path.GetDirectoryName(program)!, "logs", "beats");
        await Eventually.SeeAsync("beats", () => Task.FromResult(File.Exists(beats)), there => there);

        Assert.Contains("ledger is paused", (await machine.HoldfastAsync("service", "pause", "ledger")).Ok().Error, StringComparison.Ordinal);
        var before = new FileInfo(beats).Length;
        Assert.Equal("paused", (await SeeAsync(machine, "paused", _ => true)).State);
        Assert.Contains("paused", (await machine.HoldfastAsync("service", "list")).Ok().Output, StringComparison.Ordinal);
        Assert.Equal(before, new FileInfo(beats).Length);
        Assert.Equal("active", await machine.ShowAsync(Unit, "ActiveState"));

        (await machine.HoldfastAsync("service", "continue", "ledger")).Ok();
        await Eventually.SeeAsync("more beats", () => Task.FromResult(new FileInfo(beats).Length), length => length > before);
        (await machine.HoldfastAsync("service", "pause", "ledger")).Ok();
        (await machine.HoldfastAsync("service", "stop", "ledger")).Ok();
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(program)!, "logs", "ending")), "it was killed, and not asked");

        var acts = AuditReader.Read(new Home(node.Home).Audit, new()).Where(entry => entry.Target == "ledger").ToList();
        foreach (var act in new[] { "service.pause", "service.continue" })
            Assert.Equal([AuditOutcome.Intended, AuditOutcome.Done], acts.Where(entry => entry.Action == act).Select(entry => entry.Outcome).TakeLast(2));
    }

    /// <summary>Each says what is wrong and what to do, and leaves nothing behind.</summary>
    private static async Task MistakesAsync(SystemdMachine machine, TestNode node, string program)
    {
        var folder = Path.GetDirectoryName(program)!;
        Assert.Contains("what it is to run is missing", (await machine.HoldfastAsync("service", "install", "ledger")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("there is no file", (await machine.HoldfastAsync("service", "install", "ledger", folder + "/gone")).Expect(4).Error, StringComparison.Ordinal);
        Assert.Contains("no service ledger", (await machine.HoldfastAsync("service", "start", "ledger")).Expect(4).Error, StringComparison.Ordinal);

        // All at once: what others may write, a link that leads out, a folder that is not there.
        File.SetUnixFileMode(Path.Combine(folder, "helper.so"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        File.CreateSymbolicLink(Path.Combine(folder, "out"), "/etc/passwd");
        var refused = await machine.HoldfastAsync("service", "install", "ledger", program, "--writable", "nowhere");
        foreach (var part in new[] { "helper.so can be written by others", "the link out leads out", "nowhere is no folder" })
            Assert.Contains(part, refused.Error, StringComparison.Ordinal);
        File.SetUnixFileMode(Path.Combine(folder, "helper.so"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Delete(Path.Combine(folder, "out"));

        (await machine.HoldfastAsync("keys", "init")).Ok();
        var policy = Path.Combine(node.Home, "policy", "trust.yaml");
        var before = await File.ReadAllTextAsync(policy);
        await File.WriteAllTextAsync(policy, before + "\npinnedServices: forbidden\n");
        Assert.Contains("forbids pinned services", (await machine.HoldfastAsync("service", "install", "ledger", program)).Expect(3).Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(policy, before);
        Assert.Contains("has no service", (await machine.HoldfastAsync("service", "list")).Ok().Error, StringComparison.Ordinal);
    }

    private static async Task ChangedAsync(SystemdMachine machine, TestNode node, Row before)
    {
        var spec = Path.Combine(node.Work, "changed.yaml");
        var text = await File.ReadAllTextAsync(Path.Combine(node.Home, "pins", "ledger", "holdfast.yaml"));
        await File.WriteAllTextAsync(spec, text.Replace("quiet", "loud", StringComparison.Ordinal));
        (await machine.HoldfastAsync("service", "edit", "ledger", "--start", "manual")).Ok();
        Assert.Equal(before, await SeeAsync(machine, "as before", one => one.State == "running"));
        (await machine.HoldfastAsync("service", "edit", "ledger", "--spec", spec)).Ok();
        var changed = await SeeAsync(machine, "changed", one => one.State == "running" && one.Release == 4 && one.Pid > 0 && one.Pid != before.Pid);
        Assert.Equal("disabled", await machine.ShowAsync(Unit, "UnitFileState"));
        Assert.Contains("loud", await File.ReadAllTextAsync(Path.Combine(node.Root, "opt", "ledger", "logs", "said")), StringComparison.Ordinal);

        (await machine.HoldfastAsync("service", "stop", "ledger")).Ok();
        Assert.False(await machine.LivesAsync(changed.Pid));
        Assert.Contains("stopped", (await machine.HoldfastAsync("service", "list")).Ok().Output, StringComparison.Ordinal);
        (await machine.HoldfastAsync("service", "edit", "ledger", "--start", "disabled")).Ok();
        (await machine.HoldfastAsync("service", "start", "ledger")).Expect(7);
        (await machine.HoldfastAsync("service", "edit", "ledger", "--start", "automatic")).Ok();
        (await machine.HoldfastAsync("service", "start", "ledger")).Ok();
        await SeeAsync(machine, "running", one => one.State == "running" && one.Pid > 0);
    }

    /// <summary>A program and what lies beside it: it writes its words into a folder of its own.</summary>
    private static string Program(TestNode node, string edition)
    {
        var folder = Path.Combine(node.Root, "opt", "ledger");
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        var program = Path.Combine(folder, "run.sh");
        File.WriteAllText(program, $$"""
            #!/bin/sh
            printf '%s' "{{edition}}: $1|$2|$TONE|$PWD" >logs/said
            echo ledger runs
            trap 'echo ending; exit 0' TERM
            while :; do sleep 0.05; done
            """);
        if (!File.Exists(Path.Combine(folder, "helper.so"))) File.WriteAllText(Path.Combine(folder, "helper.so"), "a library");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(Path.Combine(folder, "helper.so"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return program;
    }

    private static string Said(string program) => Path.Combine(Path.GetDirectoryName(program)!, "logs", "said");

    private static Task<Row> SeeAsync(SystemdMachine machine, string what, Func<Row, bool> satisfied) => Eventually.SeeAsync($"ledger {what}", async () =>
    {
        using var shown = JsonDocument.Parse((await machine.HoldfastAsync("service", "status", "ledger", "-o", "json")).Ok().Output);
        var root = shown.RootElement;
        return new Row(root.GetProperty("state").GetString()!, Number(root, "pid"), Number(root, "restarts"), Number(root, "release"), root.GetProperty("reason").GetString() ?? "");
    }, satisfied);

    private static int Number(JsonElement root, string name) => root.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : 0;

    private sealed record Row(string State, int Pid, int Restarts, int Release, string Reason);
}
