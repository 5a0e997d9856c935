using Holdfast.Core.NativeServices;
using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.NativeServices.Importing;

public sealed class ServyImportTests
{
    private const string Json = """
        {
          "Name": "orders", "DisplayName": "Orders", "Description": "Takes orders", "ExecutablePath": "C:\\orders\\orders.exe", "StartupDirectory": "C:\\orders",
          "Parameters": "--port 8080", "StartupType": 5, "Priority": 1, "CpuAffinity": "0-1", "StartTimeout": 90, "StopTimeout": 20,
          "EnableHealthMonitoring": true, "RecoveryAction": 2, "RecoveryOnCleanExit": false, "MaxRestartAttempts": 4, "HeartbeatUrl": "https://example.com/ping",
          "EnvironmentVariables": "LOG_LEVEL=info;MODE=test", "ServiceDependencies": "Tcpip;MSSQLSERVER", "EnableSizeRotation": true, "RotationSize": 16,
          "PreLaunchExecutablePath": "C:\\orders\\check.exe", "PreLaunchParameters": "--quick", "PreLaunchTimeoutSeconds": 12, "SomethingNew": "x"
        }
        """;

    private const string Xml = """
        <?xml version="1.0"?>
        <ServiceDto>
          <Name>orders</Name>
          <ExecutablePath>C:\orders\orders.exe</ExecutablePath>
          <StartupType>3</StartupType>
          <StopTimeout>7</StopTimeout>
        </ServiceDto>
        """;

    [Fact]
    public void An_export_as_json_becomes_a_native_service()
    {
        var imported = ServyImport.Read(Json, "orders.json").Value;
        var (spec, windows) = (imported.Spec, imported.Spec.Windows!);
        Assert.Equal([@"C:\orders\orders.exe", "--port", "8080"], spec.Command);
        Assert.Equal(("Orders", NativeStartType.Delayed, @"C:\orders"), (windows.DisplayName, windows.StartType, imported.WorkingFolder));
        Assert.Equal((PriorityClass.BelowNormal, "0-1"), (spec.Priority, spec.Limits.Affinity));
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(20)), (spec.ReadyDeadline, spec.Stop.Timeout));
        Assert.Equal((RestartPolicy.OnFailure, 4), (spec.Restart.Policy, spec.Restart.Attempts));
        Assert.Equal(["LOG_LEVEL", "MODE"], spec.Environment.Keys);
        Assert.Equal(["Tcpip", "MSSQLSERVER"], windows.Dependencies);
        Assert.Equal(16L << 20, spec.Output.RotateBytes);
        Assert.Equal(TimeSpan.FromSeconds(12), spec.Hooks.PreStart!.Timeout);
        Assert.Equal(["UserAccount", "HeartbeatUrl", "SomethingNew"], imported.Notes.Select(note => note.Setting));
    }

    [Fact]
    public void An_export_as_xml_says_the_same()
    {
        var imported = ServyImport.Read(Xml, "orders.xml").Value;
        Assert.Equal((NativeStartType.Manual, TimeSpan.FromSeconds(7), 0), (imported.Spec.Windows!.StartType, imported.Spec.Stop.Timeout, imported.Spec.Restart.Attempts));
    }

    [Fact]
    public void A_password_is_neither_kept_nor_told()
    {
        var imported = ServyImport.Read("""{"Name": "orders", "ExecutablePath": "C:\\orders.exe", "Password": "hunter2", "ProxyPassword": "hunter2"}""", "orders.json").Value;
        Assert.Subset(imported.Notes.Select(note => note.Setting).ToHashSet(), new HashSet<string> { "Password", "ProxyPassword" });
        Assert.DoesNotContain("hunter2", string.Join('\n', imported.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "import.json")]
    [InlineData("[]", "import.servy")]
    [InlineData("[{}, {}]", "import.servy")]
    [InlineData("<Many><S><ExecutablePath>a</ExecutablePath></S><S><ExecutablePath>b</ExecutablePath></S></Many>", "import.servy")]
    [InlineData("<a>", "import.xml")]
    [InlineData("{}", "import.no-executable")]
    public void What_is_no_export_is_refused(string text, string rule) => Assert.Equal(rule, ServyImport.Read(text, "x").Problems[0].Rule);
}
