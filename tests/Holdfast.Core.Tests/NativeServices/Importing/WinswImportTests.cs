using Holdfast.Core.NativeServices;
using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.NativeServices.Importing;

public sealed class WinswImportTests
{
    private const string Full = """
        <?xml version="1.0" encoding="utf-8"?>
        <service>
          <id>OrdersSvc</id>
          <name>Orders 注文</name>
          <description>Takes orders</description>
          <executable>%BASE%\orders.exe</executable>
          <argument>--port</argument>
          <argument>80 80</argument>
          <workingdirectory>%BASE%</workingdirectory>
          <env name="LOG_LEVEL" value="info"/>
          <env name="JAVA" value="%JAVA_HOME%\bin"/>
          <startmode>Automatic</startmode>
          <delayedAutoStart>true</delayedAutoStart>
          <depend>Eventlog</depend>
          <depend>W32Time</depend>
          <onfailure action="restart" delay="10 sec"/>
          <onfailure action="restart" delay="1 min"/>
          <onfailure action="reboot"/>
          <resetfailure>1 hour</resetfailure>
          <stoptimeout>20sec</stoptimeout>
          <priority>BelowNormal</priority>
          <serviceaccount><username>BANK\orders</username><password>hunter2</password></serviceaccount>
          <poststop><executable>C:\tools\clean.exe</executable><arguments>--all "now then"</arguments></poststop>
          <stopexecutable>C:\tools\stop.exe</stopexecutable>
          <stoparguments>gently</stoparguments>
          <log mode="roll"/>
          <download from="http://example.com/a" to="b"/>
          <mystery/>
        </service>
        """;

    [Fact]
    public void A_service_of_winsw_becomes_a_native_service()
    {
        var imported = WinswImport.Read(Full, "orders.xml", @"D:\Orders").Value;
        var (spec, windows) = (imported.Spec, imported.Spec.Windows!);
        Assert.Equal(("orderssvc", "Orders 注文", "Takes orders"), (spec.Name, windows.DisplayName, spec.Description));
        Assert.Equal([@"D:\Orders\orders.exe", "--port", "80 80"], spec.Command);
        Assert.Equal(@"D:\Orders", imported.WorkingFolder);
        Assert.Equal("info", spec.Environment["LOG_LEVEL"]);
        Assert.Equal(NativeStartType.Delayed, windows.StartType);
        Assert.Equal(["Eventlog", "W32Time"], windows.Dependencies);
        Assert.Equal(RestartPolicy.OnFailure, spec.Restart.Policy);
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)], spec.Restart.Delays);
        Assert.Equal((2, TimeSpan.FromHours(1)), (spec.Restart.Attempts, spec.Restart.ResetAfter));
        Assert.Equal(TimeSpan.FromSeconds(20), spec.Stop.Timeout);
        Assert.Equal(PriorityClass.BelowNormal, spec.Priority);
        Assert.Equal(@"BANK\orders", spec.User!.Name);
        Assert.Equal([@"C:\tools\clean.exe", "--all", "now then"], spec.Hooks.PostStop!.Command);
        Assert.Equal([@"C:\tools\stop.exe", "gently"], spec.Hooks.PreStop!.Command);
        Assert.Equal(TimeSpan.FromSeconds(20), spec.Hooks.PreStop.Timeout);
    }

    [Fact]
    public void Everything_that_was_not_taken_is_told_and_no_secret_is()
    {
        var notes = WinswImport.Read(Full, "orders.xml", @"D:\Orders").Value.Notes;
        Assert.Equal(["download", "env JAVA", "id", "log", "mystery", "onfailure", "serviceaccount", "stopexecutable"], notes.Select(note => note.Setting).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(notes, note => note.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_element_is_taken_or_told()
    {
        var imported = WinswImport.Read(
            """
            <service>
              <id>orders</id><executable>C:\orders.exe</executable><executable>C:\other.exe</executable>
              <hidewindow/><waithint>15 sec</waithint><StopTimeout>3 sec</StopTimeout><arguments>--a</arguments><startarguments>--b</startarguments>
              <env name="API_TOKEN" value="hunter2"/>
              <prestart><executable>C:\check.exe</executable><stdoutPath>NUL</stdoutPath></prestart>
            </service>
            """, "orders.xml", @"C:\").Value;
        Assert.Equal(["id", "executable", "arguments", "startarguments", "env", "prestart"], imported.Taken.Select(one => one.Setting).Distinct());
        foreach (var setting in (string[])["executable", "hidewindow", "waithint", "StopTimeout", "arguments", "env", "prestart stdoutPath"])
            Assert.Contains(imported.Notes, note => note.Setting == setting);
        Assert.Empty(imported.Spec.Environment);
        Assert.DoesNotContain("hunter2", string.Join('\n', imported.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_of_the_file_is_put_in_as_text_and_with_the_slashes_of_the_host()
    {
        const string Text = @"<service><id>orders</id><executable>%BASE%\orders</executable><arguments>%base%</arguments></service>";
        Assert.Equal(["/srv/r&d/orders", "/srv/r&d"], WinswImport.Read(Text, "orders.xml", "/srv/r&d").Value.Spec.Command);
        Assert.Equal([@"D:\R&D\orders", @"D:\R&D"], WinswImport.Read(Text, "orders.xml", @"D:\R&D").Value.Spec.Command);
        Assert.Equal("/srv", WinswImport.Read(Text, "orders.xml", "/srv").Value.WorkingFolder);
    }

    [Fact]
    public void Without_onfailure_it_is_not_restarted_and_runs_as_local_system()
    {
        var imported = WinswImport.Read(@"<service><id>orders</id><executable>C:\orders.exe</executable></service>", "orders.xml", @"C:\").Value;
        Assert.Equal((0, "LocalSystem", TimeSpan.FromSeconds(15)), (imported.Spec.Restart.Attempts, imported.Spec.User!.Name, imported.Spec.Stop.Timeout));
    }

    [Theory]
    [InlineData("<service><id>a</id>", "import.xml")]
    [InlineData("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///c:/secret'>]><service/>", "import.xml")]
    [InlineData("<project/>", "import.winsw")]
    [InlineData("<service><id>orders</id></service>", "import.no-executable")]
    public void What_is_no_configuration_is_refused(string text, string rule) => Assert.Equal(rule, WinswImport.Read(text, "x.xml", @"C:\").Problems[0].Rule);
}
