using Holdfast.Core.Toolchains;
using Holdfast.Delivery.Toolchains;
using Holdfast.Platform.Toolchains;

namespace Holdfast.Delivery.Tests.Toolchains;

/// <summary>A Go that is on the machine already is taken where it is.</summary>
public sealed class AdoptTests
{
    [Fact]
    public async Task It_stays_in_its_place_and_a_change_is_told_file_by_file()
    {
        using var bench = new Bench();
        var root = MakeGo(bench, "1.19.8");

        var adopted = (await bench.Store().AdoptAsync(root, Bench.Platform, CancellationToken.None)).Value;

        Assert.Equal((root, true, "1.19.8"), (adopted.Root, adopted.Record.IsAdopted, adopted.Record.Version.ToString()));
        Assert.Equal(adopted.Record.Digest, (await bench.Store().AdoptAsync(root, Bench.Platform, CancellationToken.None)).Value.Record.Digest);
        Assert.Single(bench.Store().List().Value);
        Assert.Empty(adopted.Verify(CancellationToken.None).Value);
        await File.AppendAllTextAsync(Path.Combine(root, "src", "a.go"), "// more\n");
        await File.WriteAllTextAsync(Path.Combine(root, "src", "b.go"), "package a\n");
        File.Delete(Path.Combine(root, "src", "c.go"));
        Assert.Equal(["src/a.go was changed", "src/b.go was added", "src/c.go is missing"], adopted.Verify(CancellationToken.None).Value);
        Assert.True((await bench.Store().RemoveAsync(adopted, CancellationToken.None)).IsOk);
        Assert.True(File.Exists(adopted.Program));
        Assert.Empty(bench.LeftOver());
    }

    [Fact]
    public async Task One_that_was_replaced_is_noticed_with_both_versions_and_adopted_anew()
    {
        using var bench = new Bench();
        var root = MakeGo(bench, "1.19.8");
        var adopted = (await bench.Store().AdoptAsync(root, Bench.Platform, CancellationToken.None)).Value;
        Assert.True(adopted.Look().IsOk);

        MakeGo(bench, "1.19.9");

        var problem = Assert.Single(adopted.Look().Problems);
        Assert.Equal(("toolchain.replaced", $"{root} was Go 1.19.8 and is 1.19.9 now"), (problem.Rule, problem.What));
        Assert.True((await bench.Store().AdoptAsync(root, Bench.Platform, CancellationToken.None)).IsOk);
        Assert.Equal("1.19.9", Assert.Single(bench.Store().List().Value).Record.Version.ToString());
    }

    [Fact]
    public async Task A_program_of_another_version_than_the_folder_says_is_refused()
    {
        using var bench = new Bench();
        var root = MakeGo(bench, "1.19.8");
        await File.WriteAllTextAsync(Path.Combine(root, "VERSION"), "go1.22.1\n");

        Assert.Equal("toolchain.other-program", (await bench.Store().AdoptAsync(root, Bench.Platform, CancellationToken.None)).Problems[0].Rule);
        await File.WriteAllTextAsync(Path.Combine(root, "VERSION"), "go1.19\n");
        Assert.Equal("toolchain.other-program", (await bench.Store().AdoptAsync(root, Bench.Platform, CancellationToken.None)).Problems[0].Rule);
        await File.WriteAllTextAsync(Path.Combine(root, "VERSION"), "devel go1.23-abcdef\n");
        Assert.Equal("toolchain.no-go", (await bench.Store().AdoptAsync(root, Bench.Platform, CancellationToken.None)).Problems[0].Rule);
        Assert.Equal("toolchain.no-go", (await bench.Store().AdoptAsync(bench.Folder, Bench.Platform, CancellationToken.None)).Problems[0].Rule);
        Assert.Empty(bench.Store().List().Value);
    }

    [Fact]
    public async Task A_link_to_where_a_distribution_keeps_the_sources_is_followed_once()
    {
        if (OperatingSystem.IsWindows()) return;
        using var bench = new Bench();
        var root = MakeGo(bench, "1.19.8");
        var share = Path.Combine(bench.Folder, "share");
        Directory.Move(Path.Combine(root, "src"), share);
        Directory.CreateSymbolicLink(Path.Combine(root, "src"), share);
        Directory.CreateSymbolicLink(Path.Combine(share, "circle"), share);

        var outside = Path.Combine(bench.Folder, "gofmt");
        File.WriteAllText(outside, "one");
        File.CreateSymbolicLink(Path.Combine(root, "bin", "gofmt"), outside);

        var adopted = (await bench.Store().AdoptAsync(root, Bench.Platform, CancellationToken.None)).Value;

        await File.AppendAllTextAsync(Path.Combine(share, "a.go"), "// more\n");
        Assert.Equal(["src/a.go was changed"], adopted.Verify(CancellationToken.None).Value);
        File.WriteAllText(outside, "two");
        Assert.Equal(["bin/gofmt was changed", "src/a.go was changed"], adopted.Verify(CancellationToken.None).Value);
    }

    /// <summary>Where the distribution has a Go, the real one.</summary>
    [Fact]
    public async Task The_distributions_own_Go_is_adopted()
    {
        using var bench = new Bench();
        string[] there = OperatingSystem.IsWindows() || !Directory.Exists("/usr/lib") ? [] : [.. Directory.GetDirectories("/usr/lib", "go-*").Where(folder => File.Exists(Path.Combine(folder, "VERSION")) && Directory.Exists(Path.Combine(folder, "bin")))];
        Assert.Subset(GoPlaces.Find().ToHashSet(), there.ToHashSet());
        foreach (var root in GoPlaces.Find())
        {
            var adopted = (await bench.Store().AdoptAsync(root, Bench.Platform, CancellationToken.None)).Value;

            Assert.True(adopted.Record.Version > GoVersion.Parse("1.4").Value);
            var list = TreeList.Read(await File.ReadAllBytesAsync(Path.Combine(adopted.Folder, "files.txt")), adopted.Record.Tree).Value;
            Assert.Contains(list.Entries, entry => entry.Path == "src/fmt/print.go");
        }
    }

    [Fact]
    public async Task A_toolchain_of_the_store_is_not_adopted_as_well()
    {
        using var bench = new Bench();
        var installed = Directory.CreateDirectory(Path.Combine(bench.Toolchains.Store, "sha256-x", "tree")).FullName;
        Assert.Equal("toolchain.own", (await bench.Store().AdoptAsync(installed, Bench.Platform, CancellationToken.None)).Problems.Single().Rule);
    }

    private static string MakeGo(Bench bench, string version)
    {
        var root = Path.Combine(bench.Folder, "usr", "go");
        Directory.CreateDirectory(Path.Combine(root, "bin"));
        Directory.CreateDirectory(Path.Combine(root, "src"));
        File.WriteAllText(Path.Combine(root, "VERSION"), $"go{version}");
        File.WriteAllText(Path.Combine(root, "bin", OperatingSystem.IsWindows() ? "go.exe" : "go"), $"{new string('x', (1 << 20) - 5)}go{version} and more");
        File.WriteAllText(Path.Combine(root, "src", "a.go"), "package a\n");
        File.WriteAllText(Path.Combine(root, "src", "c.go"), "package a\n");
        return root;
    }
}
