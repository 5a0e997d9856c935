using System.Formats.Tar;
using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;
using Holdfast.Delivery.Toolchains;
using Holdfast.Platform.Toolchains;

namespace Holdfast.Delivery.Tests.Toolchains;

/// <summary>From a mirror into the store: verified, whole, or not at all.</summary>
public sealed class InstallTests
{
    [Fact]
    public async Task Two_versions_stand_side_by_side_each_as_it_was_in_its_archive()
    {
        using var bench = new Bench();
        var (old, late) = (MadeArchive.TarGz("1.19.8"), MadeArchive.TarGz("1.22.1", ("go/src/new/new.go", "package new\n")));
        using var server = new MirrorServer(old, late);

        var first = (await bench.InstallAsync(server.Url, old)).Value;
        var second = (await bench.InstallAsync(server.Url, late)).Value;

        Assert.Equal(["1.19.8", "1.22.1"], bench.Store().List().Value.Select(one => one.Record.Version.ToString()));
        Assert.Equal("package new\n", await File.ReadAllTextAsync(Path.Combine(second.Root, "src", "new", "new.go")));
        Assert.False(File.Exists(Path.Combine(first.Root, "src", "new", "new.go")));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserExecute, File.GetUnixFileMode(first.Program) & UnixFileMode.UserExecute);
        Assert.Empty(second.Verify(CancellationToken.None).Value);
        Assert.Empty(bench.LeftOver());
        Assert.Equal((old.Digest, server.Url), (first.Record.Archive, first.Record.From));
    }

    [Fact]
    public async Task The_list_of_a_server_and_of_a_folder_is_the_same()
    {
        using var bench = new Bench();
        var archive = MadeArchive.TarGz("1.22.1");
        using var server = new MirrorServer(archive);
        using var plain = new MirrorServer { List = "<html>"u8.ToArray() };
        plain.Files["index.json"] = MadeArchive.List(archive);

        foreach (var given in new[] { server.Url, plain.Url, bench.FolderMirror(archive) })
        {
            using var mirror = Mirror.Open(given, bench.Folder, isPinned: false).Value;
            var list = (await mirror.ListAsync(CancellationToken.None)).Value;
            Assert.Equal(archive.Listed, list.Choose(archive.Version, GoPlaces.OperatingSystemName, GoPlaces.ArchitectureName).Value);
        }
    }

    [Fact]
    public async Task Installing_it_again_fetches_nothing()
    {
        using var bench = new Bench();
        var archive = MadeArchive.TarGz("1.22.1");
        using var server = new MirrorServer(archive);

        var first = (await bench.InstallAsync(server.Url, archive)).Value;
        var again = (await bench.InstallAsync(server.Url, archive)).Value;

        Assert.Equal((first.Record.Digest, first.Root), (again.Record.Digest, again.Root));
        Assert.Single(server.Begins);
    }

    [Fact]
    public async Task A_download_that_was_cut_goes_on_where_it_was()
    {
        using var bench = new Bench();
        var archive = MadeArchive.TarGz("1.22.1");
        using var server = new MirrorServer(archive) { CutAfter = 100 };

        var cut = await bench.InstallAsync(server.Url, archive);

        Assert.Equal(("toolchain.download-cut", ProblemKind.Unavailable), (cut.Problems[0].Rule, cut.Problems[0].Kind));
        Assert.Empty(bench.Store().List().Value);
        var kept = new FileInfo(bench.Toolchains.PartialOf(archive.Digest)).Length;
        Assert.InRange(kept, 1, 100);
        Assert.True((await bench.InstallAsync(server.Url, archive)).IsOk);
        Assert.Equal([0, kept], server.Begins);
        Assert.Empty(bench.LeftOver());
    }

    [Fact]
    public async Task A_mirror_that_knows_no_ranges_gives_it_all_again()
    {
        using var bench = new Bench();
        var archive = MadeArchive.TarGz("1.22.1");
        using var server = new MirrorServer(archive) { CutAfter = 100, KnowsRanges = false };

        Assert.False((await bench.InstallAsync(server.Url, archive)).IsOk);
        Assert.True((await bench.InstallAsync(server.Url, archive)).IsOk);
    }

    [Fact]
    public async Task A_tampered_archive_is_refused_with_both_digests_and_leaves_nothing()
    {
        using var bench = new Bench();
        var archive = MadeArchive.TarGz("1.22.1");
        using var server = new MirrorServer(archive);
        var changed = (byte[])archive.Bytes.Clone();
        changed[^20] ^= 1;
        server.Files[archive.FileName] = changed;

        var refused = await bench.InstallAsync(server.Url, archive);

        Assert.Equal(("toolchain.digest-mismatch", ProblemKind.Refused), (refused.Problems[0].Rule, refused.Problems[0].Kind));
        Assert.Contains(archive.Digest, refused.Problems[0].What, StringComparison.Ordinal);
        Assert.Empty(bench.Store().List().Value);
        Assert.Empty(bench.LeftOver());
    }

    [Fact]
    public async Task A_file_that_is_shorter_on_the_mirror_than_what_was_fetched_is_fetched_anew_and_refused()
    {
        using var bench = new Bench();
        var archive = MadeArchive.TarGz("1.22.1");
        using var server = new MirrorServer(archive) { CutAfter = 200 };
        Assert.False((await bench.InstallAsync(server.Url, archive)).IsOk);
        server.Files[archive.FileName] = archive.Bytes[..50];

        Assert.Equal("toolchain.download-cut", (await bench.InstallAsync(server.Url, archive)).Problems[0].Rule);

        server.Files[archive.FileName] = archive.Bytes;
        Assert.True((await bench.InstallAsync(server.Url, archive)).IsOk);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("go/../../evil")]
    [InlineData("/evil")]
    [InlineData("evil")]
    [InlineData("go/a\\..\\evil")]
    [InlineData("go/nul.txt")]
    [InlineData("go/version")]
    public async Task A_name_that_leaves_the_folder_or_is_there_twice_is_refused(string path)
    {
        using var bench = new Bench();
        foreach (var archive in new[] { MadeArchive.TarGz("1.22.1", (path, "x")), MadeArchive.Zip("1.22.1", extra: (path, "x")) })
        {
            var refused = await bench.InstallAsync(bench.FolderMirror(archive), archive);

            Assert.Equal("toolchain.archive-entry", Assert.Single(refused.Problems).Rule);
            Assert.Empty(bench.Store().List().Value);
            Assert.False(File.Exists(Path.Combine(bench.Folder, "evil")));
        }
    }

    [Fact]
    public async Task Links_are_refused_in_both_kinds_of_archive()
    {
        using var bench = new Bench();
        var tar = MadeArchive.Tar("1.22.1", writer => writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "go/bin") { LinkName = "/etc" }));
        var hard = MadeArchive.Tar("1.22.2", writer => writer.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "go/x") { LinkName = "/etc/passwd" }));
        var zip = MadeArchive.Zip("1.22.3", kind: 0xA000);

        foreach (var archive in new[] { tar, hard, zip }) Assert.Equal("toolchain.archive-entry", (await bench.InstallAsync(bench.FolderMirror(archive), archive)).Problems[0].Rule);
    }

    [Fact]
    public async Task A_zip_is_unpacked_as_a_tar_is()
    {
        using var bench = new Bench();
        var archive = MadeArchive.Zip("1.22.1");

        var installed = (await bench.InstallAsync(bench.FolderMirror(archive), archive)).Value;

        Assert.Equal("package fmt\n", await File.ReadAllTextAsync(Path.Combine(installed.Root, "src", "fmt", "print.go")));
        Assert.Empty(installed.Verify(CancellationToken.None).Value);
    }

    [Fact]
    public async Task An_archive_of_another_version_than_the_list_says_is_refused()
    {
        using var bench = new Bench();
        var archive = MadeArchive.TarGz("1.22.1") with { Version = GoVersion.Parse("1.22.2").Value };

        Assert.Equal("toolchain.other-version", (await bench.InstallAsync(bench.FolderMirror(archive), archive)).Problems[0].Rule);
        Assert.Empty(bench.Store().List().Value);
    }

    [Fact]
    public void An_address_without_protection_is_taken_on_this_machine_or_with_a_digest_only()
    {
        Assert.Equal("toolchain.plain-http", Mirror.Open("http://mirror.example/go", "", isPinned: false).Problems[0].Rule);
        Assert.Equal("toolchain.mirror", Mirror.Open("ftp://mirror.example/go", "", isPinned: true).Problems[0].Rule);
        foreach (var (given, pinned) in new[] { ("http://mirror.example/go", true), ("https://mirror.example/go", false), ("http://127.0.0.1:1/go", false) })
        {
            using var mirror = Mirror.Open(given, "", pinned).Value;
            Assert.Equal(given, mirror.Name);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Law11_an_installation_that_fails_or_is_killed_at_any_step_leaves_all_or_nothing_and_is_made_good_by_the_next(bool kills)
    {
        var archive = MadeArchive.TarGz("1.22.1");
        var steps = 0;
        for (var happened = true; happened; steps++)
        {
            using var bench = new Bench();
            var mirror = bench.FolderMirror(archive);
            var disk = new FaultyDisk(steps, kills);
            var ended = await EndAsync(() => bench.InstallAsync(mirror, archive, disk));
            happened = disk.Happened;

            Assert.Equal(!happened, ended?.IsOk ?? false);
            if (!kills && happened) Assert.DoesNotContain(bench.LeftOver(), name => name.EndsWith(".unfinished", StringComparison.Ordinal));
            foreach (var there in bench.Store().List().Value) Assert.Empty(there.Verify(CancellationToken.None).Value);
            var again = (await bench.InstallAsync(mirror, archive)).Value;
            Assert.Empty(again.Verify(CancellationToken.None).Value);
            Assert.Empty(bench.LeftOver());
        }

        Assert.True(steps > 15, $"only {steps} steps");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Law11_a_removal_that_fails_or_is_killed_at_any_step_leaves_it_whole_or_away(bool kills)
    {
        var archive = MadeArchive.TarGz("1.22.1");
        for (var (step, happened) = (0, true); happened; step++)
        {
            using var bench = new Bench();
            var installed = (await bench.InstallAsync(bench.FolderMirror(archive), archive)).Value;
            var disk = new FaultyDisk(step, kills);
            await EndAsync(() => bench.Store(disk).RemoveAsync(installed, CancellationToken.None));
            happened = disk.Happened;

            foreach (var there in bench.Store().List().Value) Assert.Empty(there.Verify(CancellationToken.None).Value);
            Assert.True((await bench.Store().RemoveAsync(installed, CancellationToken.None)).IsOk);
            Assert.Empty(bench.Store().List().Value);
            Assert.Empty(bench.LeftOver());
        }
    }

    /// <summary>Null: killed.</summary>
    private static async Task<Outcome<T>?> EndAsync<T>(Func<Task<Outcome<T>>> work)
    {
        try
        {
            return await work();
        }
        catch (KilledException)
        {
            return null;
        }
    }
}
