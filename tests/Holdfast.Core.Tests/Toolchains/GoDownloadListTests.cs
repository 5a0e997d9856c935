using System.Text;
using Holdfast.Core.Toolchains;

namespace Holdfast.Core.Tests.Toolchains;

/// <summary>The list of a mirror, as Go's download page gives it.</summary>
public sealed class GoDownloadListTests
{
    private static readonly string Sum = new('a', 64);

    [Fact]
    public void The_archive_for_the_machine_is_chosen()
    {
        var list = Read(
            Release("go1.22.1", File("go1.22.1.src.tar.gz", "", "", "source"), File("go1.22.1.windows-amd64.msi", "windows", "amd64", "installer"), File("go1.22.1.windows-amd64.zip", "windows", "amd64"), File("go1.22.1.linux-amd64.tar.gz", "linux", "amd64")),
            Release("go1.22.10", File("go1.22.10.linux-amd64.tar.gz", "linux", "amd64")),
            Release("go1.22rc2", File("go1.22rc2.linux-amd64.tar.gz", "linux", "amd64")),
            Release("something else"));

        Assert.Equal(new GoArchive(Version("1.22.1"), "go1.22.1.windows-amd64.zip", "sha256:" + Sum, 42), list.Choose(Version("1.22.1"), "windows", "amd64").Value);
        Assert.Equal("1.22.10", list.Choose(Version("1.22"), "linux", "amd64").Value.Version.ToString());
        Assert.Equal("1.22rc2", list.Choose(Version("1.22rc2"), "linux", "amd64").Value.Version.ToString());
    }

    [Fact]
    public void What_the_list_has_not_is_said_with_what_it_has()
    {
        var list = Read(Release("go1.22.1", File("go1.22.1.linux-amd64.tar.gz", "linux", "amd64")));

        Assert.Equal("it has 1.22.1", Assert.Single(list.Choose(Version("1.22.2"), "linux", "amd64").Problems).Mend);
        Assert.Equal("the newest that it has is 1.22.1", Assert.Single(list.Choose(Version("1.21.0"), "linux", "amd64").Problems).Mend);
        Assert.Equal("it has none for linux/arm64", Assert.Single(list.Choose(Version("1.22.1"), "linux", "arm64").Problems).Mend);
    }

    [Fact]
    public void Law08_all_that_is_wrong_with_an_entry_is_said()
    {
        var list = Read($$"""{"version":"go1.22.1","files":[{"filename":"../go.exe","os":"linux","arch":"amd64","kind":"archive","sha256":"{{Sum.ToUpperInvariant()}}","size":-1}]}""");

        var problems = list.Choose(Version("1.22.1"), "linux", "amd64").Problems;

        Assert.Equal(4, problems.Count);
        Assert.All(problems, problem => Assert.Equal("toolchain.list-entry", problem.Rule));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{\"version\":\"go1.22.1\",\"files\":7}]")]
    public void What_is_no_list_is_refused(string text) =>
        Assert.Equal("toolchain.list", Assert.Single(GoDownloadList.Read(Encoding.UTF8.GetBytes(text), "here").Problems).Rule);

    [Fact]
    public void A_tree_says_what_changed()
    {
        var before = TreeList.Of([new("bin/go", 'x', 3, "sha256:1"), new("VERSION", 'f', 2, "sha256:2"), new("src/a.go", 'f', 1, "sha256:3"), new("pkg", 'l', 0, "../share")]);
        var after = TreeList.Of([new("bin/go", 'f', 3, "sha256:1"), new("VERSION", 'f', 2, "sha256:4"), new("src/b.go", 'f', 1, "sha256:3"), new("pkg", 'l', 0, "../share")]);

        Assert.Equal(["VERSION was changed", "bin/go has other rights", "src/a.go is missing", "src/b.go was added"], before.ChangesTo(after));
        Assert.Equal(before.Entries, TreeList.Read(before.Text(), before.Digest).Value.Entries);
        Assert.Equal("toolchain.record-damaged", Assert.Single(TreeList.Read(after.Text(), before.Digest).Problems).Rule);
    }

    [Fact]
    public void A_record_is_read_as_it_was_written_and_refused_when_it_is_not_whole()
    {
        var record = new ToolchainRecord(Version("1.22.1"), "linux/amd64", "https://go.dev/dl", "sha256:" + Sum, "sha256:" + Sum, new(2026, 11, 27, 1, 2, 3, TimeSpan.Zero));

        Assert.Equal(record, ToolchainRecord.Read(record.Text(), "x").Value);
        Assert.Equal(record with { Archive = null }, ToolchainRecord.Read((record with { Archive = null }).Text(), "x").Value);
        Assert.Equal("toolchain.record-damaged", Assert.Single(ToolchainRecord.Read(record.Text()[..50], "x").Problems).Rule);
        Assert.Equal("toolchain.record-damaged", Assert.Single(ToolchainRecord.Read("[]"u8.ToArray(), "x").Problems).Rule);
    }

    private static GoDownloadList Read(params string[] releases) => GoDownloadList.Read(Encoding.UTF8.GetBytes($"[{string.Join(',', releases)}]"), "here").Value;

    private static string Release(string version, params string[] files) => $$"""{"version":"{{version}}","stable":true,"files":[{{string.Join(',', files)}}]}""";

    private static string File(string name, string os, string arch, string kind = "archive") =>
        $$"""{"filename":"{{name}}","os":"{{os}}","arch":"{{arch}}","version":"x","sha256":"{{Sum}}","size":42,"kind":"{{kind}}"}""";

    private static GoVersion Version(string text) => GoVersion.Parse(text).Value;
}
