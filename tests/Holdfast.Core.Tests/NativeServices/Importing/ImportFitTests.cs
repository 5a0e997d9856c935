using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.NativeServices.Importing;

/// <summary>What an import becomes on the host that it is made on.</summary>
public sealed class ImportFitTests
{
    private static readonly ImportedService Orders = WinswImport.Read(
        """
        <service>
          <id>OrdersSvc</id><name>Orders</name><executable>C:\orders\orders.exe</executable>
          <startmode>Automatic</startmode><delayedAutoStart/><depend>Tcpip</depend>
          <prestart><executable>C:\tools\check.exe</executable></prestart>
        </service>
        """, "orders.xml", @"C:\orders").Value;

    [Fact]
    public void On_windows_the_service_manager_is_told_what_it_was_told()
    {
        var fitted = ImportFit.For(Orders, onWindows: true, null, null);
        Assert.Empty(fitted.Problems);
        var (spec, install) = (fitted.Definition.Spec, fitted.Definition.Install);
        Assert.Equal(("orderssvc", @"C:\orders", null), (spec.Name, spec.WorkingFolder, spec.User));
        Assert.Equal(NativeStartType.Delayed, install.Start);
        Assert.Equal(["Tcpip"], install.Depends);
        Assert.Equal(("Orders", NativeStartType.Automatic), (spec.Windows!.DisplayName, spec.Windows.StartType));
        Assert.Empty(spec.Windows.Dependencies);
        Assert.Contains(fitted.Notes, note => note.Setting == "id");
    }

    [Fact]
    public void Elsewhere_each_path_of_windows_is_a_problem_and_what_systemd_lacks_is_told()
    {
        var fitted = ImportFit.For(Orders, onWindows: false, "orders", "www-data");
        Assert.Equal(["command", "hooks.preStart", "workingFolder"], fitted.Problems.Select(problem => problem.What.Split(':')[0]));
        Assert.All(fitted.Problems, problem => Assert.Equal("import.windows-path", problem.Rule));
        Assert.Equal(("orders", "www-data"), (fitted.Definition.Spec.Name, fitted.Definition.Spec.User!.Name));
        Assert.Equal((NativeStartType.Automatic, 0), (fitted.Definition.Install.Start, fitted.Definition.Install.Depends.Count));
        Assert.Subset(fitted.Notes.Select(note => note.Setting).ToHashSet(), new HashSet<string> { "delayed start", "dependencies", "windows" });
        // It has the name that was asked for.
        Assert.DoesNotContain(fitted.Notes, note => note.Setting == "id");
    }

    [Theory]
    [InlineData(true, @"BANK\orders", null, @"BANK\orders", null)]
    [InlineData(true, @"BANK\orders", "LocalSystem", null, null)]
    [InlineData(true, "LocalSystem", null, null, null)]
    [InlineData(true, "LocalSystem", "bob", "bob", null)]
    [InlineData(false, @"BANK\orders", null, null, "import.account")]
    [InlineData(false, @"BANK\orders", "bob", "bob", null)]
    [InlineData(false, "LocalSystem", null, null, null)]
    public void No_service_gets_more_rights_than_it_had_unless_somebody_says_so(bool onWindows, string was, string? account, string? user, string? rule)
    {
        var imported = Orders with { WorkingFolder = null, Spec = new ServiceSpec { Name = "orders", Command = ["orders"], User = new(was) } };
        var fitted = ImportFit.For(imported, onWindows, null, account);
        Assert.Equal((rule, user), (fitted.Problems.SingleOrDefault()?.Rule, fitted.Definition.Spec.User?.Name));
    }

    [Fact]
    public void A_command_script_is_no_program() =>
        Assert.Equal("import.command-script", Assert.Single(ImportFit.For(Orders with { Spec = new ServiceSpec { Name = "orders", Command = [@"C:\orders\run.CMD"] } }, true, null, null).Problems).Rule);

    [Theory]
    [InlineData(@"C:\Orders\Tools\check.exe", false, false)]
    [InlineData("tools/check.exe", false, false)]
    [InlineData(@"C:\orders\ORDERS.exe", true, false)]
    [InlineData(@"C:\orders\tools\check.exe", true, true)]
    [InlineData(@"C:\orders2\check.exe", false, true)]
    [InlineData("/orders/check", false, true)]
    public void A_hook_runs_what_is_pinned_with_the_program(string hook, bool executableOnly, bool refused)
    {
        var spec = new ServiceSpec { Name = "orders", Command = [@"C:\orders\orders.exe"], Hooks = new() { PreStart = new() { Command = [hook] } } };
        Assert.Equal(refused, ImportFit.Unpinned(spec, @"C:\orders\orders.exe", executableOnly, new Dictionary<string, Place>()).Any(problem => problem.Rule == "import.not-pinned"));
    }
}
