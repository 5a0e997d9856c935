using System.Diagnostics;
using System.Text.Json;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Cli.Toolchains;
using Holdfast.Core.Problems;
using Holdfast.Delivery.Tests.Toolchains;
using Holdfast.Platform.Toolchains;

namespace Holdfast.Cli.Tests.Commands;

/// <summary><c>holdfast toolchain</c> and <c>holdfast env</c>, against a mirror on loopback.</summary>
public sealed class ToolchainTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly MadeArchive old = MadeArchive.TarGz("1.19.8");
    private readonly MadeArchive late = MadeArchive.TarGz("1.22.1");
    private readonly MirrorServer mirror;

    public ToolchainTests() => mirror = new(old, late);

    public void Dispose()
    {
        mirror.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Toolchains_are_installed_listed_chosen_and_removed()
    {
        var first = await HoldfastAsync("toolchain", "install", "go@1.22", "--from", mirror.Url);
        Assert.Equal(ExitCode.Ok, (await HoldfastAsync("toolchain", "install", "go@1.19.8", "--from", mirror.Url)).Code);
        var again = await HoldfastAsync("toolchain", "install", "go@1.22.1", "--from", mirror.Url);
        Assert.Equal("go 1.19.8 is the default.\n", (await HoldfastAsync("toolchain", "use", "go@1.19.8")).Out);

        Assert.Equal((ExitCode.Ok, $"go 1.22.1  {late.Digest}  {RootOf(late)}\n"), (first.Code, first.Out));
        Assert.Equal((first.Out, "was here already; nothing was fetched\n"), (again.Out, again.Error));
        Assert.Equal(2, mirror.Begins.Count);
        Golden.Check("toolchain-list.txt", Shown((await HoldfastAsync("toolchain", "list")).Out));
        Golden.Check("toolchain-list.json", Shown((await HoldfastAsync("toolchain", "list", "-o", "json")).Out));

        Assert.Equal(ExitCode.Conflict, (await HoldfastAsync("toolchain", "remove", "go@1.19.8")).Code);
        Assert.Equal("go 1.22.1 is removed.\n", (await HoldfastAsync("toolchain", "remove", "go@1.22.1")).Out);
        Assert.Equal(ExitCode.NotFound, (await HoldfastAsync("toolchain", "remove", "go@1.22.1")).Code);
        Assert.False(Directory.Exists(RootOf(late)));
    }

    [Fact]
    public async Task A_projects_files_say_which_one_it_is_and_why()
    {
        await HoldfastAsync("toolchain", "install", "go@1.22.1", "--from", mirror.Url);
        await HoldfastAsync("toolchain", "install", "go@1.19.8", "--from", mirror.Url);
        var inner = Directory.CreateDirectory(Path.Combine(folder.Path, "cmd", "x")).FullName;
        await WriteAsync(".go-version", "1.22\n");
        await WriteAsync("go.mod", "module x\n\ngo 1.20\n");
        await WriteAsync("global.json", "{\"sdk\":{\"version\":\"10.0.100\"}}");

        var which = await HoldfastAsync("toolchain", "which");
        Assert.Equal(which.Out, (await HoldfastAsync("toolchain", "which", inner)).Out);
        Golden.Check("toolchain-which.txt", Shown(which.Out + which.Error));
        using var document = JsonDocument.Parse((await HoldfastAsync("toolchain", "which", "-o", "json")).Out);
        Assert.Equal(("1.22.1", 2, "10.0.100"), (Text(document, "version"), document.RootElement.GetProperty("reasons").GetArrayLength(), document.RootElement.GetProperty("sdk").GetProperty("version").GetString()));
    }

    [Fact]
    public async Task A_mismatch_fails_with_both_versions_and_prints_nothing_to_evaluate()
    {
        await HoldfastAsync("toolchain", "install", "go@1.19.8", "--from", mirror.Url);
        await WriteAsync(".go-version", "1.22.1\n");

        var run = await HoldfastAsync("env");
        Assert.Equal((ExitCode.NotFound, ""), (run.Code, run.Out));
        Assert.StartsWith(".go-version:1:1: '1.22.1' wants Go 1.22.1; installed: 1.19.8; holdfast toolchain install go@1.22.1", run.Error, StringComparison.Ordinal);

        await WriteAsync("go.mod", "module x\ngo 1.23\n");
        Assert.Equal(ExitCode.BadInput, (await HoldfastAsync("env")).Code);
        Assert.Contains("'1.22.1' is older than 'go 1.23' in go.mod:2", (await HoldfastAsync("toolchain", "which")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_env_prints_is_what_a_shell_evaluates()
    {
        await WriteAsync(".go-version", "1.22.1\n");
        await HoldfastAsync("toolchain", "install", "--from", mirror.Url);

        var sh = (await HoldfastAsync("env", "--shell", "sh")).Out;
        Golden.Check("env-sh.txt", Shown(sh));
        Golden.Check("env-powershell.txt", Shown((await HoldfastAsync("env", "--shell", "powershell")).Out));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal($"local|{RootOf(late)}|{RootOf(late)}/bin/go\n", await ShellAsync(sh + "echo \"$GOTOOLCHAIN|$GOROOT|$(command -v go)\"\n"));
        Assert.Equal("it's; $(false) `x` \"y\"\n", await ShellAsync($"echo {ShellText.ForSh("it's; $(false) `x` \"y\"")}\n"));
    }

    [Theory]
    [InlineData("C:\\it's", "'C:\\it''s'")]
    [InlineData("a\u2019b$(x)`n", "'a\u2019\u2019b$(x)`n'")]
    public void A_path_is_one_text_to_PowerShell(string path, string written) => Assert.Equal(written, ShellText.ForPowerShell(path));

    [Fact]
    public async Task Verify_names_every_file_that_changed_and_ends_with_8()
    {
        await HoldfastAsync("toolchain", "install", "go@1.22.1", "--from", mirror.Url);
        Assert.Equal(ExitCode.Ok, (await HoldfastAsync("toolchain", "verify")).Code);
        await File.WriteAllTextAsync(Path.Combine(RootOf(late), "src", "fmt", "print.go"), "package evil\n");

        var run = await HoldfastAsync("toolchain", "verify", "go@1.22.1");

        Assert.Equal((ExitCode.Damaged, "go 1.22.1: src/fmt/print.go was changed\n"), (run.Code, run.Out));
        using var document = JsonDocument.Parse((await HoldfastAsync("toolchain", "verify", "-o", "json")).Out);
        Assert.Equal("src/fmt/print.go was changed", document.RootElement[0].GetProperty("changes")[0].GetString());
    }

    [Fact]
    public async Task A_Go_of_the_machine_is_adopted_where_it_is_and_noticed_when_it_is_replaced()
    {
        var root = Path.Combine(folder.Path, "usr", "go");
        Directory.CreateDirectory(Path.Combine(root, "bin"));
        await File.WriteAllTextAsync(Path.Combine(root, "VERSION"), "go1.19.8");
        await File.WriteAllTextAsync(Path.Combine(root, "bin", OperatingSystem.IsWindows() ? "go.exe" : "go"), "built as go1.19.8");

        Assert.Equal(ExitCode.NotFound, (await HoldfastAsync("toolchain", "install", "go@1.22.1", "--adopt", root)).Code);
        Assert.Equal(ExitCode.Ok, (await HoldfastAsync("toolchain", "install", "go", "--adopt", root)).Code);
        Assert.Contains(root, (await HoldfastAsync("env")).Out, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(root, "VERSION"), "go1.19.9");
        var run = await HoldfastAsync("env");
        Assert.Equal(ExitCode.Damaged, run.Code);
        Assert.Contains("was Go 1.19.8 and is 1.19.9 now", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("is as it was.\n", (await HoldfastAsync("toolchain", "remove", "go@1.19.8")).Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(root, "VERSION")));
    }

    [Theory]
    [InlineData(ExitCode.BadInput, "toolchain.language", "install rust@1.80 --from x")]
    [InlineData(ExitCode.BadInput, "toolchain.version", "install go@newest --from x")]
    [InlineData(ExitCode.BadInput, "toolchain.no-mirror", "install go@1.22.1")]
    [InlineData(ExitCode.BadInput, "toolchain.no-version", "install --from x")]
    [InlineData(ExitCode.BadInput, "toolchain.digest-form", "install go@1.22.1 --from x --sha256 abc")]
    [InlineData(ExitCode.Refused, "toolchain.plain-http", "install go@1.22.1 --from http://mirror.example")]
    [InlineData(ExitCode.NotFound, "files.not-found", "install go@1.22.1 --from nowhere")]
    [InlineData(ExitCode.NotFound, "toolchain.not-installed", "use go@1.22.1")]
    [InlineData(ExitCode.BadInput, "toolchain.no-version", "use go")]
    public async Task What_cannot_be_done_says_why(int code, string rule, string arguments)
    {
        var run = await HoldfastAsync(["toolchain", .. arguments.Split(' ')]);

        Assert.Equal((code, ""), (run.Code, run.Out));
        Assert.Contains($"[{rule}]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_that_was_given_counts_more_than_the_list()
    {
        Assert.Equal(ExitCode.Refused, (await HoldfastAsync("toolchain", "install", "go@1.22.1", "--from", mirror.Url, "--sha256", new string('a', 64))).Code);
        Assert.Empty(mirror.Begins);
        Assert.Equal(ExitCode.Ok, (await HoldfastAsync("toolchain", "install", "go@1.22.1", "--from", mirror.Url, "--sha256", late.Digest)).Code);
    }

    private Task<Run> HoldfastAsync(params string[] arguments) => Run.In(folder.Path, [.. arguments, "--home", Path.Combine(folder.Path, "home")]);

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(folder.Path, name), text);

    private string RootOf(MadeArchive archive) => Path.Combine(folder.Path, "home", "toolchains", "store", archive.Digest.Replace(':', '-'), "tree");

    /// <summary>What differs from run to run and from machine to machine, by its name.</summary>
    private string Shown(string text) => new[] { old, late }
        .Aggregate(text, (shown, archive) => shown
            .Replace(RootOf(archive), $"ROOT-{archive.Version}", StringComparison.Ordinal)
            .Replace(archive.Digest, $"sha256:{archive.Version}", StringComparison.Ordinal)
            .Replace(archive.Digest[..19], $"sha256:{archive.Version.ToString().PadRight(12, '-')}", StringComparison.Ordinal))
        .Replace(mirror.Url, "MIRROR", StringComparison.Ordinal)
        .Replace($"{GoPlaces.OperatingSystemName}/{GoPlaces.ArchitectureName}", "linux/amd64", StringComparison.Ordinal);

    private static string Text(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString()!;

    private static async Task<string> ShellAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }
}
