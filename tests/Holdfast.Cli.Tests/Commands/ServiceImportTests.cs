using System.CommandLine;
using System.Text;
using Holdfast.Cli.Commands;
using Holdfast.Cli.Output;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Cli.Units;
using Holdfast.Core.NativeServices;
using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Problems;
using Holdfast.Node.Pinning;
using Holdfast.Platform;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>What others kept, and what is installed here, as a definition. The installing itself is a journey with a real systemd.</summary>
public sealed class ServiceImportTests : IDisposable
{
    private readonly TempFolder folder = new();

    public ServiceImportTests()
    {
        foreach (var sample in new[] { "winsw.xml", "servy.json" }) File.Copy(Golden.Sample(sample), In(sample));
        // As regedit writes it.
        File.WriteAllText(In("nssm.reg"), File.ReadAllText(Golden.Sample("nssm.reg")).ReplaceLineEndings("\r\n"), Encoding.Unicode);
        File.WriteAllText(In("orders"), "a program");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("winsw.xml", ExitCode.Ok)]
    [InlineData("servy.json", ExitCode.Ok)]
    [InlineData("nssm.reg", ExitCode.BadInput)]
    public async Task A_dry_run_prints_the_definition_and_says_what_became_of_each_setting(string file, int code)
    {
        var run = await ImportAsync(file, "--dry-run");
        Golden.Check($"import-{file}.txt", (run.Out + "---\n" + run.Error).Replace(folder.Path, "FOLDER", StringComparison.Ordinal));
        Assert.Equal(code, run.Code);
        Assert.DoesNotContain("hunter2", run.Out + run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("home")));
    }

    [Fact]
    public async Task What_a_dry_run_has_printed_is_imported_as_it_is()
    {
        var first = await ImportAsync("winsw.xml", "--dry-run", "--writable", "logs", "--start", "manual", "--name", "orders-2");
        await File.WriteAllTextAsync(In("orders.yaml"), first.Out);
        var second = await ImportAsync("orders.yaml", "--dry-run");
        Assert.Equal(new Run(ExitCode.Ok, first.Out, "Nothing was changed.\n"), second);
        Assert.Contains("install:\n  start: manual\n  writable:\n    - logs\n", second.Out, StringComparison.Ordinal);
        Assert.Contains("name: orders-2\n", second.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_are_laid_over_what_the_file_says()
    {
        await File.WriteAllTextAsync(In("orders.yaml"), $"apiVersion: holdfast/v1\nkind: Service\nname: orders\ncommand: {In("orders")}\n");
        var run = await ImportAsync("orders.yaml", "--dry-run", "--user", "www-data", "--executable-only", "--depends", "postgresql.service");
        Assert.Equal(
            $"apiVersion: holdfast/v1\nkind: InstalledService\nname: orders\ncommand:\n  - {In("orders")}\nuser: www-data\ninstall:\n  depends:\n    - postgresql.service\n  executableOnly: true\n", run.Out);
    }

    [Fact]
    public async Task What_means_nothing_in_a_spec_that_is_imported_is_told()
    {
        await File.WriteAllTextAsync(In("orders.yaml"), $"apiVersion: holdfast/v1\nkind: Service\nname: orders\ncommand: {In("orders")}\nwindows: {{nativeService: true, startType: manual}}\n");
        Assert.Contains("write install.start", (await ImportAsync("orders.yaml", "--dry-run")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<service><id>a</id>", ExitCode.BadInput, "x:1:", "import.xml")]
    [InlineData("<service><id>a</id><executable>/a</executable></service>\n<service/>", ExitCode.BadInput, "x:2:", "import.xml")]
    [InlineData("[Unit]\n", ExitCode.BadInput, "--from nssm|winsw|servy|holdfast", "import.unknown")]
    [InlineData("<service><id>a</id><executable>/nowhere/a</executable></service>", ExitCode.NotFound, "there is no file /nowhere/a", "service.no-executable")]
    [InlineData("<service><id>a</id><executable>java</executable></service>", ExitCode.NotFound, "java is no path of this host", "service.no-executable")]
    [InlineData("apiVersion: holdfast/v1\nkind: InstalledService\nname: a\ninstall: {begin: manual}\n", ExitCode.BadInput, "x:4:", "spec.unknown-key")]
    [InlineData("Windows Registry Editor Version 5.00\n[HKEY_X\\Services\\a\\Parameters]\n\"Application\"=\"a\"\n[HKEY_X\\Services\\b\\Parameters]\n\"Application\"=\"b\"\n", ExitCode.BadInput, "2 services of NSSM's", "import.nssm")]
    public async Task What_cannot_be_imported_is_told_with_what_to_do(string text, int code, string told, string rule)
    {
        await File.WriteAllTextAsync(In("x"), text);
        var run = await ImportAsync("x");
        Assert.Equal((code, ""), (run.Code, run.Out));
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Contains($"[{rule}]", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("home")));
    }

    [Fact]
    public async Task Law08_all_that_stands_in_the_way_is_told_at_once()
    {
        await File.WriteAllTextAsync(In("x"), """
            <service><id>a</id><executable>/nowhere/a</executable><workingdirectory>D:\a</workingdirectory>
            <serviceaccount><username>BANK\a</username></serviceaccount><prestart><executable>/bin/true</executable></prestart><stoptimeout>10 min</stoptimeout></service>
            """);
        var run = await ImportAsync("x");
        foreach (var rule in (string[])["import.account", "import.windows-path", "service.no-executable", "import.not-pinned"])
            Assert.Contains($"[{rule}]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_to_be_imported_is_one_thing()
    {
        Assert.Contains("import.source", (await ImportAsync()).Error, StringComparison.Ordinal);
        Assert.Contains("import.source", (await ImportAsync("winsw.xml", "--nssm", "orders")).Error, StringComparison.Ordinal);
        Assert.Contains("import.unreadable", (await ImportAsync("nowhere.xml")).Error, StringComparison.Ordinal);
        Assert.Contains("import.registry", (await ImportAsync("winsw.xml", "--from", "nssm")).Error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Contains("reg export", (await ImportAsync("--nssm", "orders")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_of_nssm_is_read_from_the_registry()
    {
        var registry = new FakeRegistry(new Dictionary<string, RegistryValue> { ["Application"] = new() { Text = In("orders") }, ["AppParameters"] = new() { Text = "--deep" } });
        using StringWriter output = new(), error = new();
        var cli = new CliContext(new Terminal(output, error, false), new FixedTime(FixedTime.Now), folder.Path);

        var code = await new RootCommand { new ServiceImportCommand(cli, registry) }.Parse(["import", "--nssm", "Orders", "--dry-run"]).InvokeAsync();

        Assert.Equal(ExitCode.Ok, code);
        Assert.StartsWith($"apiVersion: holdfast/v1\nkind: InstalledService\nname: orders\ncommand:\n  - {In("orders")}\n  - \"--deep\"\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("taken:  Application → command", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_definition_of_an_installed_service_is_read_back_as_it_was()
    {
        if (!OperatingSystem.IsLinux()) return;
        var app = Directory.CreateDirectory(In("app")).FullName;
        Directory.CreateDirectory(Path.Combine(app, "logs"));
        var program = Path.Combine(app, "ledger");
        await File.WriteAllTextAsync(program, "a program");
        foreach (var entry in Directory.GetFileSystemEntries(app).Append(app)) File.SetUnixFileMode(entry, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var pin = new Pin { Service = "ledger", Executable = program, Writable = ["logs"], Start = NativeStartType.Manual, Dependencies = ["postgresql.service"], Release = 1, PinnedAt = FixedTime.Now, PinnedBy = "alice" };
        var text = new PinnedSpec { Name = "ledger", Executable = "ledger", Arguments = ["--deep", "a b", "${x}"], Environment = [KeyValuePair.Create("TONE", "quiet")] }.ToYaml();
        Assert.Empty(new PinnedServices(new Home(In("home")), new FixedTime(FixedTime.Now)).Install(pin, text, default).Problems);

        var exported = await Run.In(folder.Path, "service", "export", "ledger", "--home", In("home"));
        Golden.Check("service-export.yaml", exported.Out.Replace(folder.Path, "FOLDER", StringComparison.Ordinal));
        Assert.Equal(new Run(ExitCode.Ok, "", "ledger.yaml is written. Where it is to be installed: holdfast service import ledger.yaml\n"), await Run.In(folder.Path, "service", "export", "ledger", "-o", "ledger.yaml", "--home", In("home")));
        Assert.Equal(new Run(ExitCode.Ok, exported.Out, "Nothing was changed.\n"), await ImportAsync("ledger.yaml", "--dry-run"));
        Assert.Equal(ExitCode.NotFound, (await Run.In(folder.Path, "service", "export", "other", "--home", In("home"))).Code);
    }

    private string In(string name) => Path.Combine(folder.Path, name);

    private Task<Run> ImportAsync(params string[] arguments) => Run.In(folder.Path, ["service", "import", .. arguments, "--home", In("home")]);

    private sealed class FakeRegistry(Dictionary<string, RegistryValue> parameters) : IServiceRegistry
    {
        public Outcome<IReadOnlyList<RegistryKeyValues>> Read(string service) => Outcome.Of<IReadOnlyList<RegistryKeyValues>>([new($@"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\{service}\Parameters", parameters)]);
    }
}
