using System.Text;
using Holdfast.Core.NativeServices;
using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.NativeServices.Importing;

public sealed class NssmImportTests
{
    private const string Head = "Windows Registry Editor Version 5.00\r\n\r\n";
    private const string Key = @"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\";

    private static readonly string Export = Head + $"""
        [{Key}Orders Gateway]
        "Type"=dword:00000010
        "Start"=dword:00000002
        "DelayedAutostart"=dword:00000001
        "ImagePath"={Expand(@"C:\nssm\nssm.exe")}
        "DisplayName"="Orders \"Gateway\""
        "ObjectName"="BANK\\orders"
        "Description"="Takes orders"
        "DependOnService"={Multi("Tcpip", "MSSQLSERVER")}
        "FailureActionsOnNonCrashFailures"=dword:00000001
        "FailureActions"=hex:80,51,01,00,00,00,00,00,00,00,00,00,02,00,00,00,14,00,00,\
          00,01,00,00,00,10,27,00,00,00,00,00,00,00,00,00,00

        [{Key}Orders Gateway\Parameters]
        "Application"={Expand(@"C:\Program Files\Orders\orders.exe")}
        "AppParameters"={Expand("--config \"C:\\Program Files\\Orders\\app.json\" --name ${x}")}
        "AppDirectory"={Expand(@"C:\Program Files\Orders")}
        "AppEnvironmentExtra"={Multi("LOG_LEVEL=info", "DB_PASSWORD=hunter2", "HOLDFAST_X=1")}
        "AppPriority"=dword:00004000
        "AppAffinity"="0-1,3"
        "AppStopMethodSkip"=dword:00000006
        "AppStopMethodConsole"=dword:00004e20
        "AppRestartDelay"=dword:00001388
        "AppStdout"={Expand(@"C:\logs\orders.log")}
        "AppRotateFiles"=dword:00000001
        "AppRotateBytes"=dword:00a00000
        "AppNoConsole"=dword:00000001
        "AppSomethingNew"=dword:00000007

        [{Key}Orders Gateway\Parameters\AppExit]
        @="Restart"
        "0"="Exit"
        "78"="Suicide"

        [{Key}Orders Gateway\Parameters\AppEvents\Start]
        "Pre"={Expand("C:\\tools\\check.exe --quick")}

        [{Key}Orders Gateway\Parameters\AppEvents\Power]
        "Change"={Expand("C:\\tools\\power.exe")}
        """;

    [Fact]
    public void A_service_of_nssm_becomes_a_native_service()
    {
        var imported = NssmImport.Read(Export, "orders.reg").Value;
        var (spec, windows) = (imported.Spec, imported.Spec.Windows!);
        Assert.Equal("orders-gateway", spec.Name);
        Assert.Equal([@"C:\Program Files\Orders\orders.exe", "--config", @"C:\Program Files\Orders\app.json", "--name", "$${x}"], spec.Command);
        Assert.Equal(@"C:\Program Files\Orders", imported.WorkingFolder);
        Assert.Equal(["LOG_LEVEL"], spec.Environment.Keys);
        Assert.Equal((PriorityClass.BelowNormal, "0-1,3"), (spec.Priority, spec.Limits.Affinity));
        Assert.Equal(new StopSpec { Signal = "INT", Timeout = TimeSpan.FromSeconds(20) }, spec.Stop);
        Assert.Equal([TimeSpan.FromSeconds(5)], spec.Restart.Delays);
        Assert.Equal(RestartPolicy.OnFailure, spec.Restart.Policy);
        Assert.Equal([78], spec.Restart.PermanentCodes);
        Assert.Equal([@"C:\tools\check.exe", "--quick"], spec.Hooks.PreStart!.Command);
        Assert.Equal(10L << 20, spec.Output.RotateBytes);
        Assert.Equal(@"BANK\orders", spec.User!.Name);
        Assert.Equal(("Orders \"Gateway\"", "Takes orders", NativeStartType.Delayed), (windows.DisplayName, spec.Description, windows.StartType));
        Assert.Equal(["Tcpip", "MSSQLSERVER"], windows.Dependencies);
        Assert.Equal([new RecoveryAction(RecoveryKind.Restart, TimeSpan.FromSeconds(10)), new RecoveryAction(RecoveryKind.None, TimeSpan.Zero)], windows.Recovery.Actions);
        Assert.Equal(TimeSpan.FromDays(1), windows.Recovery.ResetAfter);
    }

    [Fact]
    public void Everything_that_was_not_taken_is_told_and_no_secret_is()
    {
        var notes = NssmImport.Read(Export, "orders.reg").Value.Notes;
        foreach (var setting in (string[])["NAME", "AppEnvironmentExtra", "AppStdout", "AppRotateFiles", "AppSomethingNew", "AppExit", "AppEvents Power/Change", "FailureActionsOnNonCrashFailures", "ObjectName"])
            Assert.Contains(notes, note => note.Setting == setting);
        Assert.Contains(notes, note => note.Says.Contains("`HOLDFAST_X` is left out", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.Says.Contains("`DB_PASSWORD` sounds like a secret", StringComparison.Ordinal));
        Assert.DoesNotContain(notes, note => note.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void The_smallest_service_of_nssm_runs_as_local_system_and_that_is_told()
    {
        var imported = NssmImport.Read(Head + $"[{Key}orders\\Parameters]\r\n\"Application\"=\"C:\\\\orders.exe\"\r\n", "orders.reg").Value;
        Assert.Equal(("orders", "LocalSystem"), (imported.Spec.Name, imported.Spec.User!.Name));
        Assert.Equal(TimeSpan.FromSeconds(4.5), imported.Spec.Stop.Timeout);
        Assert.Equal(["ObjectName", "AppExit"], imported.Notes.Select(note => note.Setting));
    }

    [Fact]
    public void What_is_read_from_the_registry_itself_says_the_same()
    {
        var keys = new List<RegistryKeyValues>
        {
            new(Key + "Orders", new Dictionary<string, RegistryValue> { ["Start"] = new() { Number = 3 }, ["ImagePath"] = new() { Text = @"C:\nssm.exe" } }),
            new(Key + @"Orders\Parameters", new Dictionary<string, RegistryValue> { ["Application"] = new() { Text = @"C:\orders.exe" } }),
            new(Key + @"Orders\TriggerInfo", new Dictionary<string, RegistryValue>()),
        };
        var imported = NssmImport.Read(keys, "Orders").Value;
        Assert.Equal(("Orders", "orders", NativeStartType.Manual), (imported.Was, imported.Spec.Name, imported.Spec.Windows!.StartType));
        Assert.Equal(["NAME → name", "Start → install.start", "Application → command"], imported.Taken.Select(one => one.ToString()));
        Assert.Subset(imported.Notes.Select(note => note.Setting).ToHashSet(), new HashSet<string> { "ImagePath", "TriggerInfo" });
    }

    [Fact]
    public void What_is_beyond_the_rules_comes_within_them_and_is_told()
    {
        var export = Head + $"""
            [{Key}orders]
            "PreshutdownTimeout"=dword:000003e8
            "Description"="{new string('x', 600)}"
            "FailureActions"=hex:00,00,00,00,00,00,00,00,00,00,00,00,01,00,00,00,14,00,00,00,03,00,00,00,10,27,00,00

            [{Key}orders\Parameters]
            "Application"="C:\\orders.exe"
            "AppRestartDelay"=dword:000493e0
            """;
        var imported = NssmImport.Read(export, "orders.reg").Value;
        Assert.Equal((null, 500, TimeSpan.FromMinutes(30)), (imported.Spec.Windows!.PreshutdownTimeout, imported.Spec.Description!.Length, imported.Spec.Restart.Window));
        Assert.Equal((RecoveryKind.None, TimeSpan.FromSeconds(1)), (imported.Spec.Windows.Recovery.Actions[0].Kind, imported.Spec.Windows.Recovery.ResetAfter));
        Assert.Subset(imported.Notes.Select(note => note.Setting).ToHashSet(), new HashSet<string> { "preshutdownTimeout", "description", "restart", "FailureActions" });
    }

    [Theory]
    [InlineData("", "import.registry")]
    [InlineData("Windows Registry Editor Version 5.00\n[HKEY_LOCAL_MACHINE\\X]\nnonsense\n", "import.registry")]
    [InlineData("Windows Registry Editor Version 5.00\n[HKEY_LOCAL_MACHINE\\X]\n\"A\"=dword:zz\n", "import.registry")]
    [InlineData("Windows Registry Editor Version 5.00\n[HKEY_LOCAL_MACHINE\\X]\n\"A\"=\"1\"\n", "import.nssm")]
    public void What_is_no_export_of_one_service_is_refused(string text, string rule) => Assert.All(NssmImport.Read(text, "x.reg").Problems, problem => Assert.Equal(rule, problem.Rule));

    private static string Expand(string text) => "hex(2):" + Hex(text + "\0");

    private static string Multi(params string[] texts) => "hex(7):" + Hex(string.Concat(texts.Select(text => text + "\0")) + "\0");

    private static string Hex(string text) => string.Join(',', Encoding.Unicode.GetBytes(text).Select(one => one.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
