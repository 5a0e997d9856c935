using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Documents;

public sealed class SpecFileTests
{
    private const string Head = "apiVersion: holdfast/v1\nkind: Service\nname: orders\ncommand: bin/orders\n";

    [Fact]
    public void The_smallest_spec_is_a_name_and_a_command()
    {
        var spec = Read(Head).Value;

        Assert.Equal("orders", spec.Name);
        Assert.Equal(["bin/orders"], spec.Command);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)], spec.Restart.Delays);
        Assert.Equal((3, TimeSpan.FromMinutes(10), RestartPolicy.Always), (spec.Restart.Attempts, spec.Restart.Window, spec.Restart.Policy));
    }

    [Fact]
    public void Law08_a_spec_with_five_mistakes_gives_exactly_five_located_problems()
    {
        const string spec = """
            apiVersion: holdfast/v1
            kind: Service
            name: Orders
            command: [bin/orders, "${ports.htp}"]
            ports:
              http: 8080
              admin: 70000
            restrat:
              attempts: 3
            stop:
              timeout: 15
            health:
              readiness:
                http: {port: http, path: /readyz}
            """;

        var problems = SpecFile.Read(spec, "orders/holdfast.yaml").Problems;

        Assert.Equal(
            [
                ("spec.name", "orders/holdfast.yaml:3:7"),
                ("spec.variable", "orders/holdfast.yaml:4:23"),
                ("spec.port-number", "orders/holdfast.yaml:7:10"),
                ("spec.unknown-key", "orders/holdfast.yaml:8:1"),
                ("spec.duration", "orders/holdfast.yaml:11:12"),
            ],
            problems.Select(p => (p.Rule, p.Where.ToString()!)));
        Assert.Contains("did you mean `restart`?", problems[3].Mend, StringComparison.Ordinal);
        Assert.Contains("`15s`", problems[4].Mend, StringComparison.Ordinal);
        Assert.All(problems, p => Assert.Equal(ProblemKind.BadInput, p.Kind));
    }

    [Theory]
    [InlineData("restart:\n\u00a0 attempts: 3\n", 6)]
    [InlineData("restart:\u00a0{attempts: 3}\n", 5)]
    [InlineData("\u00a0restart: {attempts: 3}\n", 5)]
    public void Winsw851_an_invisible_space_is_told_with_its_place(string text, int line)
    {
        var problems = SpecFile.Read(Head + text, "holdfast.yaml").Problems;
        Assert.NotEmpty(problems);
        Assert.StartsWith($"holdfast.yaml:{line}:", problems[0].Where.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_written_arrives()
    {
        var spec = Read(File.ReadAllText(Path.Combine(Golden.Root, "tests/Holdfast.Packaging.Tests/Services/full.yaml"))).Value;

        Assert.Equal(["bin/orders", "--port", "${ports.http}", "8"], spec.Command);
        Assert.Equal("8080", spec.Environment["QUOTED"]);
        Assert.Equal("8080", spec.Environment["PLAIN"]);
        Assert.Equal("true", spec.Environment["FLAG"]);
        Assert.Equal("", spec.Environment["EMPTY"]);
        Assert.Equal("1.10", spec.Version);
        Assert.Equal("web", spec.WorkingFolder);
        Assert.Equal(("orders", "services"), (spec.User!.Name, spec.User.Group));
        Assert.Equal(["ssl-cert", "1002"], spec.User.Groups!);
        Assert.Equal(8080, spec.Ports["http"]);
        Assert.Null(spec.Ports["admin"]);
        Assert.Equal(new StopSpec { Signal = "INT", Timeout = TimeSpan.FromSeconds(30) }, spec.Stop);
        Assert.Equal("HUP", spec.Reload!.Signal);
        Assert.Equal(["bin/migrate", "--check"], spec.Hooks.PreStart!.Command);
        Assert.Equal(TimeSpan.FromMinutes(2), spec.Hooks.PreStart.Timeout);
        Assert.Equal(["bin/post"], spec.Hooks.PostStart!.Command);
        Assert.Equal(["bin/drain"], spec.Hooks.PreStop!.Command);
        Assert.Equal(["bin/clean"], spec.Hooks.PostStop!.Command);
        Assert.Equal(RestartPolicy.OnFailure, spec.Restart.Policy);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(2)], spec.Restart.Delays);
        Assert.Equal((0.25, 5, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(5)), (spec.Restart.Jitter, spec.Restart.Attempts, spec.Restart.Window, spec.Restart.ResetAfter));
        Assert.Equal([0, 3], spec.Restart.SuccessCodes);
        Assert.Equal([75], spec.Restart.RetryCodes);
        Assert.Equal([78], spec.Restart.PermanentCodes);
        Assert.Equal(new HttpProbe("http", "/readyz?deep=1", "orders.example"), spec.Health.Readiness!.Http);
        Assert.Equal(new TcpProbe("8080"), spec.Health.Startup!.Tcp);
        Assert.Equal(["bin/check", "--quick"], spec.Health.Liveness!.Exec!.Command);
        Assert.Equal(
            (TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(1500), TimeSpan.FromSeconds(3), 2, 4),
            (spec.Health.Liveness.Interval, spec.Health.Liveness.Timeout, spec.Health.Liveness.InitialDelay, spec.Health.Liveness.Successes, spec.Health.Liveness.Failures));
        Assert.Equal((ReadyWhen.Notify, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(10)), (spec.Ready, spec.ReadyDeadline, spec.Watchdog));
        Assert.Equal(new LimitsSpec { MemoryBytes = 3L << 29, CpuMillicores = 1500, Affinity = "0,2-5", Processes = 64, Files = 4096, CoreDumps = true }, spec.Limits);
        Assert.Equal(PriorityClass.BelowNormal, spec.Priority);
        Assert.Equal([new AfterSpec("database"), new AfterSpec("cache", AfterCondition.Started)], spec.After);
        Assert.Equal("/etc/orders/db", spec.Secrets["DB_PASSWORD"]);
        Assert.Equal(StdinAccess.Open, spec.Stdin);
        Assert.Equal(new AuditSpec { Append = true, PerMinute = 60 }, spec.Audit);
        Assert.Equal(("gb18030", OverflowPolicy.Block), (spec.Output.Encoding, spec.Output.OnFull));
        Assert.Equal((16L << 20, TimeSpan.FromHours(1), 10L << 30, TimeSpan.FromDays(180)), (spec.Output.RotateBytes, spec.Output.RotateAge, spec.Output.KeepBytes, spec.Output.KeepAge));
        Assert.Equal(["bearer"], spec.Output.Redaction.Without);
        Assert.Equal("[A-Z]{2}[0-9]{20}", spec.Output.Redaction.Patterns["iban"]);
        Assert.Equal(["environment.*", "limits.memory", "restart"], spec.Open);
        Assert.Equal([new FileSpec("bin/**"), new FileSpec("config/app.json", AccessClass.Config)], spec.Files);
        Assert.Equal("payments", spec.Labels["app.kubernetes.io/team"]);
        CheckWindows(spec.Windows!);
    }

    private static void CheckWindows(WindowsSpec windows)
    {
        Assert.True(windows.NativeService);
        Assert.Equal(("Orders", NativeStartType.Delayed, ServiceSidType.Restricted), (windows.DisplayName, windows.StartType, windows.ServiceSid));
        Assert.Equal(["Tcpip", "+NetworkProvider"], windows.Dependencies);
        Assert.Equal(
            [
                new RecoveryAction(RecoveryKind.Restart, TimeSpan.FromSeconds(1)), new RecoveryAction(RecoveryKind.Run, TimeSpan.FromSeconds(30)),
                new RecoveryAction(RecoveryKind.Reboot, TimeSpan.FromMinutes(1)), new RecoveryAction(RecoveryKind.None, TimeSpan.Zero),
            ],
            windows.Recovery.Actions);
        Assert.Equal((TimeSpan.FromHours(1), @"C:\Tools\tell.exe orders", true), (windows.Recovery.ResetAfter, windows.Recovery.Command, windows.Recovery.OnErrorStops));
        Assert.Equal(TimeSpan.FromMinutes(2), windows.PreshutdownTimeout);
        Assert.Equal(["SeChangeNotifyPrivilege"], windows.RequiredPrivileges!);
        Assert.Equal(["bin/ctl", "pause", "${ports.http}"], windows.Pause!.Hooks!.Pause.Command);
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)), (windows.Pause.Hooks.Pause.Timeout, windows.Pause.Hooks.Continue.Timeout));
    }

    [Fact]
    public void The_samples_are_valid()
    {
        foreach (var spec in Directory.EnumerateFiles(Path.Combine(Golden.Root, "samples"), SpecWords.FileName, SearchOption.AllDirectories))
        {
            Assert.Empty(Read(File.ReadAllText(spec)).Problems);
            foreach (var values in Directory.EnumerateFiles(Path.GetDirectoryName(spec)!, "values*.yaml"))
                Assert.Empty(SpecFile.Read(File.ReadAllText(spec), spec, File.ReadAllText(values), values).Problems);
        }
    }

    [Fact]
    public void Problems_of_both_files_are_told_at_once()
    {
        var problems = SpecFile.Read("a: [", "spec.yaml", "b: *x", "values.yaml").Problems;
        Assert.Equal(["spec.yaml", "values.yaml"], problems.Select(p => p.Where!.Value.File));
    }

    private static Outcome<ServiceSpec> Read(string text) => SpecFile.Read(text, "holdfast.yaml");
}
